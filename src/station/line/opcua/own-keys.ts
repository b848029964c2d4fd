/** Keys and certificates of the server itself, as a kill or a full disk may leave them: the library makes what is missing, and fails for ever at half a file. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** What must be readable, below the folder of a certificate manager. */
const own: Readonly<Record<string, (bytes: Buffer) => unknown>> = {
  'own/private/private_key.pem': (bytes) => createPrivateKey(bytes),
  'own/certs/certificate.pem': (bytes) => new X509Certificate(bytes),
};

/** Puts files that cannot be read aside, as `NAME.damaged`; gives their names. */
export async function setDamagedAside(folder: string): Promise<string[]> {
  const damaged: string[] = [];
  for (const [name, read] of Object.entries(own)) {
    const path = join(folder, name);
    const bytes = await readFile(path).catch(() => undefined);
    if (!bytes) continue;
    try {
      read(bytes);
    } catch {
      await rename(path, `${path}.damaged`);
      damaged.push(name);
    }
  }
  return damaged;
}
