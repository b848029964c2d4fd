/** Ed25519 keys as PEM files: who signs has the private one, who trusts has the public ones. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { FelfriError } from '../../core/errors.ts';
import { systemError } from '../../core/system-errors.ts';

/** How names of key files end. */
export const publicEnding = '.pub.pem';
export const privateEnding = '.key.pem';

export const keyRefused = (path: string, why: string, cause?: unknown): FelfriError =>
  new FelfriError('KEY_INVALID', `${path}: ${why}`, { subject: path, cause });

/** What a key is known by: SHA-256 of its public half as SPKI, of a private key too. */
export function keyId(key: KeyObject): string {
  const half = key.type === 'public' ? key : createPublicKey(key);
  return createHash('sha256')
    .update(half.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** A new pair as PEM; the private one encrypted where there is a passphrase. */
export function newKeyPair(passphrase?: string): { privatePem: string; publicPem: string; id: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const secrecy = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  return {
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem', ...secrecy }) as string,
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    id: keyId(publicKey),
  };
}

const read = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((error: unknown) => {
    throw systemError(error, path) ?? error;
  });

function requireEd25519(key: KeyObject, path: string): KeyObject {
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw keyRefused(path, `it is a key of ${key.asymmetricKeyType}; legal is Ed25519, such as felfri key new makes`);
}

/** Throws KEY_INVALID and PATH_UNUSABLE. */
export async function readPrivateKey(path: string, passphrase?: string): Promise<KeyObject> {
  const pem = await read(path);
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, ...(passphrase !== undefined && { passphrase }) });
  } catch (cause) {
    const isLocked = pem.includes('ENCRYPTED');
    throw keyRefused(
      path,
      isLocked ? 'its passphrase is missing or wrong; give it by FELFRI_KEY_PASSPHRASE' : 'it is no private key in PEM',
      cause,
    );
  }
  return requireEd25519(key, path);
}

/** Throws KEY_INVALID, also for a private key, which has no business where others can read it; and PATH_UNUSABLE. */
export async function readPublicKey(path: string): Promise<KeyObject> {
  const pem = await read(path);
  if (pem.includes('PRIVATE KEY'))
    throw keyRefused(path, 'it is a private key; put the public one here, and regard this one as known to others');
  try {
    return requireEd25519(createPublicKey(pem), path);
  } catch (cause) {
    if (cause instanceof FelfriError) throw cause;
    throw keyRefused(path, 'it is no public key in PEM', cause);
  }
}
