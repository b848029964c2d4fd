/** From where a station can be reached, and by what it may be opened. */
import { lookup } from 'node:dns/promises';
import { BlockList, isIPv6 } from 'node:net';
import { FelfriError } from '../core/errors.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** Whether only this machine reaches it, by the addresses that the name stands for: a name may begin with 127 and be another machine's. */
export async function isLoopback(host: string): Promise<boolean> {
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.length > 0 && found.every(({ address }) => loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'));
}

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
