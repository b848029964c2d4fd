/** By what a station may be opened. */
import { FelfriError } from '../core/errors.ts';

const LENGTH = 16;
const VARIETY = 8;

/** The token that is accepted; null where none is given. Throws OPTION_INVALID when it could be guessed. */
export function requireStrong(token: string | undefined): string | null {
  if (token === undefined) return null;
  const variety = new Set(token).size;
  if (token.length >= LENGTH && variety >= VARIETY) return token;
  throw new FelfriError(
    'OPTION_INVALID',
    `the token has ${token.length} characters, ${variety} of them different; legal are at least ${LENGTH}, ${VARIETY} of them different, such as one made by: openssl rand -hex 32`,
    { subject: 'token' },
  );
}
