/** Passwords and tokens: what is kept of them, and whether what was given is it. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { FelfriError } from '../../core/errors.ts';
import { sha256 } from '../../core/files.ts';

/** OWASP's password storage cheat sheet: scrypt (RFC 7914) with N = 2^17, r = 8, p = 1, which takes 128 MiB. */
const cost = { log2N: 17, r: 8, p: 1 };
const KEY_BYTES = 32;

const SHORTEST = 10;
const LONGEST = 200;
const VARIETY = 5;

/** Each takes 128 MiB and most of a core for some tenths of a second, which must not stop a line. */
const MOST_AT_ONCE = 2;
/** A shift signs in at once; beyond these, somebody guesses. */
const MOST_WAITING = 8;
let underWay = 0;
const waiting: (() => void)[] = [];

/** Throws TOO_BUSY. */
async function takeTurn(): Promise<void> {
  if (underWay < MOST_AT_ONCE) {
    underWay++;
    return;
  }
  if (waiting.length >= MOST_WAITING) throw new FelfriError('TOO_BUSY', 'others are signing in; try again in a second');
  await new Promise<void>((go) => waiting.push(go));
}

/** Hands the turn to who waits longest. */
function endTurn(): void {
  const next = waiting.shift();
  if (next) next();
  else underWay--;
}

async function derive(password: string, salt: Buffer, { log2N, r, p }: typeof cost): Promise<Buffer> {
  await takeTurn();
  const options: ScryptOptions = { N: 2 ** log2N, r, p, maxmem: 256 * 2 ** log2N * r };
  try {
    return await new Promise((resolve, reject) =>
      // the same letters may be typed as different code points
      scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
        error ? reject(error) : resolve(key),
      ),
    );
  } finally {
    endTurn();
  }
}

/** `scrypt$log2N$r$p$salt$key`, the last two in base64. Throws OPTION_INVALID when the password is too short, long or uniform. */
export async function hashPassword(password: string): Promise<string> {
  const { length } = [...password];
  if (length < SHORTEST || length > LONGEST) {
    throw new FelfriError(
      'OPTION_INVALID',
      `the password has ${length} characters; legal are ${SHORTEST} to ${LONGEST}, of any kind`,
      { subject: 'password' },
    );
  }
  if (new Set(password).size < VARIETY) {
    throw new FelfriError('OPTION_INVALID', `the password has fewer than ${VARIETY} different characters`, {
      subject: 'password',
    });
  }
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  return ['scrypt', cost.log2N, cost.r, cost.p, salt.toString('base64'), key.toString('base64')].join('$');
}

/** What a name that nobody has is checked against, so that it takes as long as another. */
const nobodys = `scrypt$${cost.log2N}$${cost.r}$${cost.p}$${Buffer.alloc(16).toString('base64')}$${Buffer.alloc(KEY_BYTES).toString('base64')}`;

/** Whether the password is the one whose hash is kept; never where none is. Throws TOO_BUSY. */
export async function isPassword(given: string, kept: string | undefined): Promise<boolean> {
  const [, log2N, r, p, salt, key] = (kept ?? nobodys).split('$');
  const parameters = { log2N: Number(log2N), r: Number(r), p: Number(p) };
  const found = await derive(given, Buffer.from(salt!, 'base64'), parameters);
  return timingSafeEqual(found, Buffer.from(key!, 'base64')) && kept !== undefined;
}

/** A secret of 256 random bits that needs no slow hash, and what is kept of it. */
export function newSecret(prefix = ''): { readonly secret: string; readonly hash: string } {
  const secret = prefix + randomBytes(32).toString('hex');
  return { secret, hash: sha256(secret) };
}
