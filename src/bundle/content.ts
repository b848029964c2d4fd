/**
 * What a bundle's folder holds, read and checked without running anything: schema, hashes, the model's operators, the golden outputs. A bundle
 * may come from anyone: nothing in it is believed, and nothing is put into memory before its size is known.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../core/errors.ts';
import { sha256, sha256File } from '../core/files.ts';
import { parseSafetensors } from '../core/safetensors.ts';
import { type DetectorOutput, goldenOutputs } from './golden.ts';
import type { BundleManifest } from './schema.ts';

const MIB = 2 ** 20;
/** felfri writes three golden images. */
const MOST_GOLDEN_IMAGES = 16;
export const mostBytes = { manifest: 16 * MIB, model: 2048 * MIB, golden: 512 * MIB } as const;

export interface GoldenImage {
  /** Its path within the bundle. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly expected: DetectorOutput;
}

export interface BundleContent {
  readonly manifest: BundleManifest;
  /** As `OpenBundle` has it. */
  readonly hash: string;
  readonly model: Uint8Array;
  /** At least one. */
  readonly goldens: readonly GoldenImage[];
}

export const refusal = (directory: string, why: string, cause?: unknown): FelfriError =>
  new FelfriError('BUNDLE_INVALID', `${directory}: ${why}`, { subject: directory, cause });

async function readBounded(directory: string, name: string, most: number): Promise<Uint8Array | undefined> {
  const path = join(directory, name);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  if (found.size > most) throw refusal(directory, `${name} has ${found.size} bytes; legal are ${most}`);
  return readFile(path);
}

/** bundle.json and its SHA-256. Throws BUNDLE_INVALID. */
export async function readManifestFile(directory: string): Promise<Pick<BundleContent, 'manifest' | 'hash'>> {
  const bytes = await readBounded(directory, 'bundle.json', mostBytes.manifest);
  if (!bytes) {
    throw new FelfriError(
      'BUNDLE_INVALID',
      `${directory} holds no bundle.json; give the folder that felfri train wrote`,
      { subject: directory },
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw refusal(join(directory, 'bundle.json'), 'it is not JSON; train the bundle again', cause);
  }
  // loaded here, and the reader of models below, so that a command starts before the libraries of schemas and models are there
  const { checkManifest } = await import('./schema.ts');
  return { manifest: checkManifest(json, directory), hash: sha256(bytes) };
}

/** What bundle.json says. Throws BUNDLE_INVALID. */
export async function readManifest(directory: string): Promise<BundleManifest> {
  return (await readManifestFile(directory)).manifest;
}

/** The bytes of a file that the manifest lists, checked against its hash. */
async function readListed(directory: string, manifest: BundleManifest, name: string): Promise<Uint8Array> {
  const expected = manifest.files[name];
  const most = name === 'model.onnx' ? mostBytes.model : mostBytes.golden;
  const bytes = expected && (await readBounded(directory, name, most));
  if (bytes && sha256(bytes) === expected) return bytes;
  throw refusal(directory, `${name} is missing or altered since training; copy the bundle again`);
}

/** The model of a bundle, fit to be run. Throws BUNDLE_INVALID. */
export async function readModel(directory: string, manifest: BundleManifest): Promise<Uint8Array> {
  const model = await readListed(directory, manifest, 'model.onnx');
  const { requireAdmittedModel } = await import('./model.ts');
  requireAdmittedModel(model, manifest, (why) => refusal(directory, `model.onnx: ${why}`));
  return model;
}

async function readGoldens(directory: string, manifest: BundleManifest): Promise<GoldenImage[]> {
  const images = Object.keys(manifest.files).flatMap((name) => {
    const index = /^golden\/(\w+)\.(?:png|npy)$/.exec(name)?.[1];
    return index === undefined ? [] : [{ name, index }];
  });
  if (images.length === 0 || !('golden/outputs.safetensors' in manifest.files))
    throw refusal(
      directory,
      'it has no golden image, so nothing shows that its model is the trained one; train it again',
    );
  if (images.length > MOST_GOLDEN_IMAGES)
    throw refusal(directory, `it has ${images.length} golden images; legal are ${MOST_GOLDEN_IMAGES}`);
  const { tensors } = parseSafetensors(await readListed(directory, manifest, 'golden/outputs.safetensors'), directory);
  const indices = images.map(({ index }) => index);
  const outputs = goldenOutputs(tensors, indices, manifest.detector, (why) => refusal(directory, why));
  const goldens: GoldenImage[] = [];
  let total = 0;
  for (const { name, index } of images) {
    const bytes = await readListed(directory, manifest, name);
    total += bytes.length;
    if (total > mostBytes.golden)
      throw refusal(directory, `its golden images have more than ${mostBytes.golden} bytes`);
    goldens.push({ name, bytes, expected: outputs.get(index)! });
  }
  return goldens;
}

/**
 * Reads and checks a whole bundle; `expected` is the hash that it has on record, where there is one. Throws BUNDLE_INVALID at the first thing
 * that does not fit, and TENSOR_FILE for damaged golden outputs.
 */
export async function readContent(directory: string, expected?: string): Promise<BundleContent> {
  const { manifest, hash } = await readManifestFile(directory);
  if (expected !== undefined && expected !== hash && expected !== formerHash(manifest))
    throw refusal(directory, 'it is another bundle than the one on record; put back the former files');
  const others = Object.keys(manifest.files).filter((name) => name !== 'model.onnx' && !name.startsWith('golden/'));
  for (const name of others) await readListed(directory, manifest, name);
  return {
    manifest,
    hash,
    model: await readModel(directory, manifest),
    goldens: await readGoldens(directory, manifest),
  };
}

/** Throws BUNDLE_INVALID unless a bundle's model is the one of the hash on record; it is read without being held in memory. */
export async function requireSameModel(directory: string, expected: string): Promise<void> {
  const { manifest, hash } = await readManifestFile(directory);
  const found = await sha256File(join(directory, 'model.onnx')).catch(() => undefined);
  const isSame = hash === expected || formerHash(manifest) === expected;
  if (isSame && found === manifest.files['model.onnx']) return;
  throw refusal(directory, 'its model is another than the one on record; put back the former files');
}

/** What stood for a bundle on record before bundle.json itself was covered; equal for bundles of equal models and golden images. */
export function formerHash({ files }: BundleManifest): string {
  return sha256(JSON.stringify(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))));
}
