/** Whether a bundle is what somebody trusted signed: every file of it, and nothing beside. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { readManifest, readManifestFile } from '../content.ts';
import { coveredHashes } from './covered-files.ts';
import { type Envelope, type Hashes, isSignedBy, type Predicate, parseEnvelope, signatureFile } from './envelope.ts';
import { readTrustedKeys, type TrustedKey } from './trusted-keys.ts';

/** Far more than a signature of a bundle takes. */
const MOST_BYTES = 2 ** 20;

interface Signer {
  /** Id of the key. */
  readonly key: string;
  /** As the folder of trusted keys calls it. */
  readonly name: string;
}

export interface VerifiedBundle {
  /** Trusted keys that signed it and are not revoked; at least one. */
  readonly signers: readonly Signer[];
  /** Revoked ones that signed it too. */
  readonly revoked: readonly Signer[];
  readonly signedAt: string;
  readonly note: string | null;
  /** Files that the signature covers. */
  readonly files: readonly string[];
}

const untrusted = (directory: string, why: string): FelfriError =>
  new FelfriError('BUNDLE_UNTRUSTED', `${directory}: ${why}`, { subject: directory });

async function signatureOf(directory: string): Promise<{ envelope: Envelope; files: Hashes; predicate: Predicate }> {
  const bytes = await readFile(join(directory, signatureFile)).catch(() => undefined);
  if (!bytes) throw untrusted(directory, 'nobody signed it; sign it by felfri sign');
  const parsed = bytes.length > MOST_BYTES ? undefined : parseEnvelope(bytes.toString('utf8'));
  if (parsed) return parsed;
  throw untrusted(directory, `${signatureFile} is no signature of a bundle; sign it again`);
}

function requireSigner(directory: string, envelope: Envelope, keys: readonly TrustedKey[]) {
  const all = keys.filter(({ key }) => isSignedBy(envelope, key));
  const shown = ({ name, id }: TrustedKey): Signer => ({ key: id, name });
  const signers = all.filter(({ revoked }) => revoked === null).map(shown);
  if (signers.length > 0) return { signers, revoked: all.filter(({ revoked }) => revoked !== null).map(shown) };
  const [revoked] = all;
  if (revoked)
    throw untrusted(
      directory,
      `only the key ${revoked.name} signed it, which was revoked at ${revoked.revoked!.at} (${revoked.revoked!.reason})`,
    );
  const ids = envelope.signatures.map(({ keyid }) => keyid.slice(0, 16)).join(', ');
  throw untrusted(directory, `no trusted key signed it; it states ${ids}, trusted are ${keys.map(({ name }) => name).join(', ')}`); // biome-ignore format: one line
}

/** Throws BUNDLE_UNTRUSTED unless both name the same files with the same hashes. */
function requireSame(directory: string, signed: Hashes, found: Hashes): void {
  for (const name of Object.keys(signed))
    if (!Object.hasOwn(found, name)) throw untrusted(directory, `${name} is missing, which was signed`);
  for (const [name, hash] of Object.entries(found)) {
    if (!Object.hasOwn(signed, name)) throw untrusted(directory, `${name} was added since it was signed`);
    if (signed[name] !== hash) throw untrusted(directory, `${name} was altered since it was signed`);
  }
}

/** Reads every file of a bundle. Throws BUNDLE_UNTRUSTED, BUNDLE_INVALID, KEY_INVALID and PATH_UNUSABLE. */
export async function verifyBundle(directory: string, trusted: string): Promise<VerifiedBundle> {
  const keys = await readTrustedKeys(trusted);
  const { envelope, files, predicate } = await signatureOf(directory);
  const who = requireSigner(directory, envelope, keys);
  requireSame(directory, files, await coveredHashes(directory, await readManifest(directory)));
  return { ...who, signedAt: predicate.signedAt, note: predicate.note, files: Object.keys(files) };
}

/**
 * Whether a bundle that was verified before, and of which it is checked elsewhere that its files are those that its manifest lists, may still be
 * used: its manifest is the signed one, and a key counts that signed it. Reads no model. Throws as `verifyBundle`.
 */
export async function requireStillTrusted(directory: string, trusted: string): Promise<void> {
  const keys = await readTrustedKeys(trusted);
  const { envelope, files } = await signatureOf(directory);
  requireSigner(directory, envelope, keys);
  const { manifest, hash } = await readManifestFile(directory);
  const listed: Record<string, string> = { 'bundle.json': hash, ...manifest.files };
  const signed = Object.fromEntries(Object.entries(files).filter(([name]) => Object.hasOwn(listed, name)));
  requireSame(directory, signed, listed);
}
