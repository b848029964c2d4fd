/** A signature holds for the files that were signed and for no others, by keys that are trusted and not revoked. */
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { smallBundle } from '../../../test/support/station.ts';
import { Random } from '../../core/random.ts';
import { readManifest } from '../content.ts';
import { amendBundle } from '../write.ts';
import { signatureFile } from './envelope.ts';
import { keyId, newKeyPair, readPrivateKey, readPublicKey } from './keys.ts';
import { signBundle } from './sign.ts';
import { readTrustedKeys } from './trusted-keys.ts';
import { requireStillTrusted, verifyBundle } from './verify.ts';

const folder = temporaryFolders();
/** A bundle, keys of two people, and a folder that trusts the first. */
let bundle: string;
let keys: string;
let trusted: string;

const own = (name: string) => join(keys, `${name}.key.pem`);
const refused = { code: 'BUNDLE_UNTRUSTED' };

async function makeKey(name: string): Promise<void> {
  const { privatePem, publicPem } = newKeyPair();
  await writeFile(own(name), privatePem);
  await writeFile(join(keys, `${name}.pub.pem`), publicPem);
}

const trust = (name: string, where = trusted) => cp(join(keys, `${name}.pub.pem`), join(where, `${name}.pub.pem`));

async function revoke(name: string, where: string): Promise<void> {
  const key = keyId(await readPublicKey(join(keys, `${name}.pub.pem`)));
  await writeFile(join(where, `${name}.revoked.json`), JSON.stringify({ key, at: '2026-11-28', reason: 'lost' }));
}

const sign = async (directory: string, name: string) => signBundle(directory, await readPrivateKey(own(name)), null);

/** A signed copy of the bundle. */
async function signed(name = 'quality'): Promise<string> {
  const copy = join(await folder(), 'bundle');
  await cp(bundle, copy, { recursive: true });
  await sign(copy, name);
  return copy;
}

beforeAll(async () => {
  bundle = await smallBundle(join(await folder(), 'bundle'), 0.5);
  [keys, trusted] = [await folder(), await folder()];
  for (const name of ['quality', 'stranger']) await makeKey(name);
  await trust('quality');
});

it('covers every file that a station takes, and says who signed', async () => {
  const copy = await signed();
  const found = await verifyBundle(copy, trusted);
  expect(found.signers.map(({ name }) => name)).toEqual(['quality']);
  const there = (await readdir(copy, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
  expect(found.files).toHaveLength(there.length - 1);
  await requireStillTrusted(copy, trusted);
  await expect(verifyBundle(bundle, trusted)).rejects.toMatchObject(refused);
});

it('is broken by a change of any file, by one more and by one less', async () => {
  const copy = await signed();
  const { files } = await verifyBundle(copy, trusted);
  for (const name of files) {
    const path = join(copy, name);
    const bytes = await readFile(path);
    const other = Buffer.from(bytes);
    other[other.length - 2]! ^= 1;
    await writeFile(path, other);
    // a bundle.json that is no JSON any more is no bundle
    await expect(verifyBundle(copy, trusted), name).rejects.toMatchObject({
      code: expect.stringMatching(/BUNDLE_(UNTRUSTED|INVALID)/),
    });
    await rm(path);
    await expect(verifyBundle(copy, trusted), name).rejects.toMatchObject({
      code: expect.stringMatching(/BUNDLE_(UNTRUSTED|INVALID)/),
    });
    await writeFile(path, bytes);
  }
  await rm(join(copy, 'run'), { recursive: true });
  await expect(verifyBundle(copy, trusted)).rejects.toMatchObject(refused);
  await sign(copy, 'quality');
  await verifyBundle(copy, trusted);
  await cp(join(bundle, 'run'), join(copy, 'run'), { recursive: true });
  await expect(verifyBundle(copy, trusted)).rejects.toMatchObject(refused);
});

it('ends with another calibration, until it is signed again', async () => {
  const copy = await signed();
  const manifest = await readManifest(copy);
  await amendBundle(copy, manifest, { threshold: { ...manifest.threshold!, value: 99 } });
  for (const check of [verifyBundle, requireStillTrusted])
    await expect(check(copy, trusted)).rejects.toMatchObject({
      ...refused,
      message: expect.stringMatching(/bundle\.json was altered/),
    });
  expect((await sign(copy, 'quality')).keys).toHaveLength(1);
  await verifyBundle(copy, trusted);
});

it('of a stranger, of a forger and of nobody counts nothing', async () => {
  await expect(verifyBundle(await signed('stranger'), trusted)).rejects.toMatchObject(refused);
  const copy = await signed('stranger');
  const path = join(copy, signatureFile);
  const { privateKey } = generateKeyPairSync('ed25519');
  const envelope = JSON.parse(await readFile(path, 'utf8'));
  const quality = keyId(await readPublicKey(join(keys, 'quality.pub.pem')));
  const forged = [
    { ...envelope, signatures: [{ ...envelope.signatures[0], keyid: quality }] },
    { ...envelope, signatures: [{ keyid: quality, sig: '' }] },
    { ...envelope, signatures: [] },
    { ...envelope, payloadType: 'application/json' },
    { ...envelope, payload: Buffer.from('{}').toString('base64') },
    {},
  ];
  for (const one of forged) {
    await writeFile(path, JSON.stringify(one));
    for (const check of [verifyBundle, requireStillTrusted])
      await expect(check(copy, trusted)).rejects.toMatchObject(refused);
  }
  expect(keyId(createPublicKey(privateKey))).not.toBe(quality);
});

it('with any bit tipped is none', async () => {
  const copy = await signed();
  const path = join(copy, signatureFile);
  const envelope = JSON.parse(await readFile(path, 'utf8'));
  const random = Random.of(3, 'tipped');
  for (let i = 0; i < 200; i++) {
    const part =
      i % 2 === 0 ? Buffer.from(envelope.payload, 'base64') : Buffer.from(envelope.signatures[0].sig, 'base64');
    part[random.integer(part.length)]! ^= 1 << (i % 8);
    const text = part.toString('base64');
    const tipped = i % 2 === 0 ? { ...envelope, payload: text } : { ...envelope, signatures: [{ ...envelope.signatures[0], sig: text }] }; // biome-ignore format: one line
    await writeFile(path, JSON.stringify(tipped));
    await expect(verifyBundle(copy, trusted)).rejects.toMatchObject(refused);
  }
});

it('outlives a change of keys, and ends with a revocation', async () => {
  await makeKey('quality-2027');
  const both = await folder();
  for (const name of ['quality', 'quality-2027']) await trust(name, both);
  const copy = await signed();
  expect((await sign(copy, 'quality-2027')).keys).toHaveLength(2);
  expect((await verifyBundle(copy, both)).signers).toHaveLength(2);
  await revoke('quality', both);
  expect(await verifyBundle(copy, both)).toMatchObject({
    signers: [{ name: 'quality-2027' }],
    revoked: [{ name: 'quality' }],
  });
  await verifyBundle(copy, trusted);
  await revoke('quality-2027', both);
  for (const check of [verifyBundle, requireStillTrusted])
    await expect(check(copy, both)).rejects.toMatchObject({
      ...refused,
      message: expect.stringMatching(/was revoked at 2026-11-28 \(lost\)/),
    });
});

it('is one that other programs can check: DSSE over an in-toto statement', async () => {
  const copy = await signed();
  const { payloadType, payload, signatures } = JSON.parse(await readFile(join(copy, signatureFile), 'utf8'));
  const body = Buffer.from(payload, 'base64');
  const message = Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${body.length} `), body]);
  const key = await readFile(join(keys, 'quality.pub.pem'), 'utf8');
  expect(verify(null, message, key, Buffer.from(signatures[0].sig, 'base64'))).toBe(true);
  expect(JSON.parse(body.toString())).toMatchObject({ _type: 'https://in-toto.io/Statement/v1' });
});

it('needs a folder of keys in which all can be read', async () => {
  const where = await folder();
  const invalid = { code: 'KEY_INVALID' };
  await expect(readTrustedKeys(where)).rejects.toMatchObject(invalid);
  await expect(readTrustedKeys(join(where, 'none'))).rejects.toMatchObject({ code: 'PATH_UNUSABLE' });
  await trust('quality', where);
  await writeFile(join(where, 'README.txt'), 'keys of the plant');
  expect(await readTrustedKeys(where)).toHaveLength(1);
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const bad: Readonly<Record<string, string>> = {
    'a.revoked.json': '{}',
    'b.revoked.json': '{',
    'c.pub.pem': 'no key',
    'd.pub.pem': await readFile(own('stranger'), 'utf8'),
    'e.pem': rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string,
  };
  for (const [name, text] of Object.entries(bad)) {
    await writeFile(join(where, name), text);
    await expect(readTrustedKeys(where), name).rejects.toMatchObject(invalid);
    await rm(join(where, name));
  }
});

it('is made by a key that a passphrase may lock', async () => {
  const path = join(await folder(), 'locked.key.pem');
  const { privatePem, id } = newKeyPair('open sesame');
  await writeFile(path, privatePem);
  expect(keyId(await readPrivateKey(path, 'open sesame'))).toBe(id);
  for (const passphrase of [undefined, 'wrong'])
    await expect(readPrivateKey(path, passphrase)).rejects.toMatchObject({
      code: 'KEY_INVALID',
      message: expect.stringMatching(/passphrase/),
    });
  await expect(readPrivateKey(join(keys, 'quality.pub.pem'))).rejects.toMatchObject({ code: 'KEY_INVALID' });
});
