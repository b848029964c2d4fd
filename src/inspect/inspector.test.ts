import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeSmallFlow } from '../../test/support/bundle.ts';
import { temporaryFolders, writeTree } from '../../test/support/folder.ts';
import { FelfriError } from '../core/errors.ts';
import { readImage } from '../data/image/decode.ts';
import { Inspector } from './inspector.ts';

const folder = temporaryFolders();
let work: string;
let bundle: string;
let files: string[];

beforeAll(async () => {
  work = await folder();
  bundle = join(work, 'bundle');
  await writeSmallFlow(bundle);
  const greys = Array.from({ length: 9 }, (_, i) => 40 + 20 * i);
  await writeTree(work, Object.fromEntries(greys.map((grey, i) => [`${i}.png`, grey])));
  await writeFile(join(work, 'broken.png'), 'none');
  files = greys.map((_, i) => join(work, `${i}.png`));
  files.splice(4, 0, join(work, 'broken.png'));
});

async function all(lanes: number): Promise<unknown[]> {
  const inspector = await Inspector.open(bundle, { threads: 1, lanes });
  const results = [];
  for await (const result of inspector.inspectAll(files)) {
    results.push(result instanceof FelfriError ? result.code : { ...result, milliseconds: undefined });
  }
  await inspector.close();
  return results;
}

describe('an inspector', () => {
  it('gives the same by several lanes as by one, in the order of the files, with errors in their places', async () => {
    const one = await all(1);
    expect(one).toHaveLength(10);
    expect(one[4]).toBe('IMAGE_FORMAT');
    expect(one.map((r) => (r as { image?: string }).image)).toEqual(files.map((f, i) => (i === 4 ? undefined : f)));
    expect(await all(3)).toEqual(one);
  });

  it('judges raw frames as it does the same pixels in a file, by path and as bytes', async () => {
    const { width, height, data } = await readImage(files[0]!, { channels: 1 });
    const frame = join(work, 'frame.bin');
    await writeFile(frame, data);
    const inspector = await Inspector.open(bundle, { threads: 1, raw: `${width}x${height}:Mono8` });
    const { score } = await inspector.inspect(files[0]!);
    expect((await inspector.inspect(frame)).score).toBe(score);
    expect((await inspector.inspect(data)).score).toBe(score);
    const result = await inspector.inspect(frame);
    expect((await inspector.heatMap(frame, result)).length).toBeGreaterThan(100);
    await expect(inspector.inspect(data.subarray(1))).rejects.toMatchObject({ code: 'IMAGE_FRAME' });
    await inspector.close();
  });

  it('says by a code that it was closed', async () => {
    const inspector = await Inspector.open(bundle, { threads: 1 });
    await inspector.close();
    await expect(inspector.inspect(files[0]!)).rejects.toMatchObject({ code: 'BUNDLE_CLOSED' });
  });

  it('refuses by a code what is no image, and a policy that is none', async () => {
    const invalid = expect.objectContaining({ code: 'OPTION_INVALID' });
    // as a program without types may say it: taken for the other, it would judge pictures that are for a person
    for (const policy of [{ otherSizes: 'Review' }, { blank: 'no' }, { otherSizes: null }])
      await expect(Inspector.open(bundle, policy as object)).rejects.toEqual(invalid);
    const inspector = await Inspector.open(bundle, { threads: 1 });
    const image = await readImage(files[0]!);
    for (const no of [null, undefined, '', 7, [1, 2], image.data.buffer, new DataView(image.data.buffer), new URL('file:///a.png'), new Blob(['a']), image]) // biome-ignore format: a list
      await expect(inspector.inspect(no as never), String(no)).rejects.toEqual(invalid);
    for (const data of [[...image.data], new Uint8ClampedArray(image.data), Float64Array.from(image.data), undefined])
      await expect(inspector.inspectImage({ ...image, data } as never, 'a')).rejects.toEqual(invalid);
    const results: unknown[] = [];
    for await (const result of inspector.inspectAll([undefined as never, files[0]!])) results.push(result);
    expect(results).toEqual([invalid, expect.objectContaining({ image: files[0] })]);
    await inspector.close();
  });

  it('can be left in the middle', async () => {
    const inspector = await Inspector.open(bundle, { threads: 1, lanes: 2 });
    for await (const result of inspector.inspectAll(files)) {
      expect(result).toMatchObject({ image: files[0] });
      break;
    }
    await inspector.close();
  });
});
