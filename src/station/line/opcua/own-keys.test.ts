import { generateKeyPairSync } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolders } from '../../../../test/support/folder.ts';
import { setDamagedAside } from './own-keys.ts';

const folder = temporaryFolders();
const key = 'own/private/private_key.pem';
const certificate = 'own/certs/certificate.pem';

async function holding(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await folder();
  for (const sub of ['own/private', 'own/certs']) await mkdir(join(root, sub), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
  return root;
}

it('puts aside what a kill or a full disk left, and nothing that can be read', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  expect(await setDamagedAside(await holding({}))).toEqual([]);
  expect(await setDamagedAside(await holding({ [key]: pem }))).toEqual([]);
  expect(await setDamagedAside(await holding({ [key]: pem.slice(0, 60) }))).toEqual([key]);
  const empty = await holding({ [key]: '', [certificate]: '' });
  expect(await setDamagedAside(empty)).toEqual([key, certificate]);
  expect(await readdir(join(empty, 'own/private'))).toEqual(['private_key.pem.damaged']);
  const kept = await holding({ [key]: pem, [certificate]: 'half' });
  expect(await setDamagedAside(kept)).toEqual([certificate]);
  expect(await readFile(join(kept, key), 'utf8')).toBe(pem);
});
