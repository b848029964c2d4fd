/** Addresses on the hub, and which of them felfri goes to. */
import { FelfriError } from '../../../core/errors.ts';
import type { KnownBackbone } from './catalogue.ts';

const defaultHub = 'https://huggingface.co';

const ownMachine = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Whether felfri goes there: https anywhere, http on this machine alone. */
function isAllowed(address: URL): boolean {
  return address.protocol === 'https:' || (address.protocol === 'http:' && ownMachine.test(address.hostname));
}

/** Whether a redirect is followed: a hub elsewhere has no business on this machine. */
export const mayRedirect = (from: URL, to: URL): boolean =>
  isAllowed(to) && (from.protocol === 'http:' || to.protocol === 'https:');

/** `hub`, else FELFRI_HUB, else huggingface.co. Throws OPTION_INVALID when it is no https address (http for localhost). */
export function hubAddress(hub?: string): URL {
  const text = hub ?? (process.env['FELFRI_HUB'] || defaultHub);
  const full = text.endsWith('/') ? text : `${text}/`;
  if (URL.canParse(full) && isAllowed(new URL(full))) return new URL(full);
  throw new FelfriError(
    'OPTION_INVALID',
    `the hub "${text}" is none; legal is an https address such as ${defaultHub} (http on localhost alone)`,
    { subject: 'hub' },
  );
}

/** Address of a backbone's file at a revision: `<hub>/<owner>/<name>/resolve/<revision>/<file>`. */
export function fileAddress(hub: URL, { repository, file }: KnownBackbone, revision: string): URL {
  return new URL(`${repository}/resolve/${encodeURIComponent(revision)}/${file}`, hub);
}
