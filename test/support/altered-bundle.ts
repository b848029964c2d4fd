/** Bundles as somebody might send them: a sound one whose files were changed, with every hash made right again. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundleManifest } from '../../src/bundle/schema.ts';
import { sha256 } from '../../src/core/files.ts';

export interface Alteration {
  /** The model's bytes. */
  readonly model?: (bytes: Uint8Array) => Uint8Array;
  /** Other files, by their path; null takes one out. */
  readonly files?: Readonly<Record<string, Uint8Array | null>>;
  readonly manifest?: Partial<BundleManifest>;
}

/** Copies a bundle to `target` and changes it there. */
export async function alteredBundle(bundle: string, target: string, alteration: Alteration): Promise<string> {
  await cp(bundle, target, { recursive: true });
  const path = join(target, 'bundle.json');
  const former = JSON.parse(await readFile(path, 'utf8')) as BundleManifest;
  const model = alteration.model?.(new Uint8Array(await readFile(join(target, 'model.onnx'))));
  const changed = { ...alteration.files, ...(model && { 'model.onnx': model }) };
  const files = { ...former.files };
  for (const [name, bytes] of Object.entries(changed)) {
    if (bytes === null) delete files[name];
    else {
      await writeFile(join(target, name), bytes);
      files[name] = sha256(bytes);
    }
  }
  await writeFile(path, JSON.stringify({ ...former, ...alteration.manifest, files }));
  return target;
}
