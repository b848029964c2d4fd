/** A bundle of somebody else whose model, golden images or record do not hold: it is refused, and says why. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { info, node, weight } from '../../test/onnx-file.ts';
import { type Alteration, alteredBundle } from '../../test/support/altered-bundle.ts';
import { writeSmallFlow } from '../../test/support/bundle.ts';
import { temporaryFolders } from '../../test/support/folder.ts';
import { hostile, made, numbers, outputs } from '../../test/support/hostile-model.ts';
import { decodeModel, encodeModel } from '../engine/onnx/schema.ts';
import { formerHash, readContent } from './content.ts';
import { openBundle } from './open.ts';

const folder = temporaryFolders();
let bundle: string;
beforeAll(async () => {
  bundle = join(await folder(), 'sound');
  await writeSmallFlow(bundle);
});

async function altered(alteration: Alteration): Promise<string> {
  return alteredBundle(bundle, join(await folder(), 'altered'), alteration);
}

describe('a bundle is refused', () => {
  it('whose model does not fit together, without what onnxruntime says of it', async () => {
    const model = hostile({ node: [node('Add', ['nowhere', 's'], ['score']), made[1]!], initializer: numbers });
    const refused = openBundle(await altered({ model: () => model }));
    await expect(refused).rejects.toMatchObject({
      code: 'BUNDLE_INVALID',
      message: expect.stringContaining('cannot be loaded'),
    });
  });

  it('without golden images, with fewer than their outputs, or with outputs that are none', async () => {
    const none = await altered({ files: { 'golden/0.png': null } });
    await expect(openBundle(none)).rejects.toMatchObject({
      code: 'BUNDLE_INVALID',
      message: expect.stringContaining('no golden image'),
    });
    const noOutputs = await altered({ files: { 'golden/outputs.safetensors': null } });
    await expect(openBundle(noOutputs)).rejects.toMatchObject({ code: 'BUNDLE_INVALID' });
    const png = await readFile(join(bundle, 'golden', '0.png'));
    const more = await altered({ files: { 'golden/1.png': png } });
    await expect(openBundle(more)).rejects.toMatchObject({
      code: 'BUNDLE_INVALID',
      message: expect.stringContaining('image 1 has no'),
    });
    const other = await altered({ files: { 'golden/0.png': null, 'golden/7.png': png } });
    await expect(openBundle(other)).rejects.toMatchObject({
      code: 'BUNDLE_INVALID',
      message: expect.stringContaining('belongs to none'),
    });
    const notANumber = await altered({ files: { 'golden/outputs.safetensors': outputs(Number.NaN) } });
    await expect(openBundle(notANumber)).rejects.toMatchObject({
      code: 'BUNDLE_INVALID',
      message: expect.stringContaining('finite'),
    });
  });

  it('whose model gives what its golden outputs say, and the same for every image', async () => {
    const model = hostile({ node: made, initializer: numbers });
    const sent = await altered({ model: () => model, files: { 'golden/outputs.safetensors': outputs(0) } });
    await expect(openBundle(sent)).rejects.toMatchObject({
      code: 'BUNDLE_GOLDEN',
      message: expect.stringContaining('looks at none'),
    });
  });

  it('whose model gives a map of another form, or fails on an image', async () => {
    const flat = hostile({
      node: made,
      initializer: [numbers[0]!, weight('m', [4], () => 0)],
      output: [info('score', []), info('map', [4])],
    });
    const failing = hostile({
      node: [node('MatMul', ['p', 'm'], ['map']), node('Cast', ['pixels'], ['p'], { to: 1 }), made[0]!],
      initializer: numbers,
    });
    for (const model of [flat, failing]) {
      const sent = await altered({ model: () => model, files: { 'golden/outputs.safetensors': outputs(0) } });
      await expect(openBundle(sent)).rejects.toMatchObject({ code: expect.stringMatching(/^BUNDLE_/) });
    }
  });

  it('when it is another than the one on record', async () => {
    const { hash, close } = await openBundle(bundle);
    await close();
    const threshold = { value: 1e9, rule: 'f1', statement: 's', chosenOn: 'c' };
    const other = await altered({ manifest: { threshold } });
    await expect(openBundle(other, { hash })).rejects.toMatchObject({
      code: 'BUNDLE_INVALID',
      message: expect.stringContaining('on record'),
    });
    // of before bundle.json itself was covered
    const { manifest } = await readContent(bundle);
    for (const legal of [hash, formerHash(manifest)]) await (await openBundle(bundle, { hash: legal })).close();
  });
});

it('takes a model whose fields come in another order, as other writers order them', async () => {
  const sent = await altered({ model: (bytes) => encodeModel(decodeModel(bytes)) });
  const { close } = await openBundle(sent);
  await close();
});
