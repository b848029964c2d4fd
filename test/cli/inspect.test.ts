/** What `felfri inspect` does with folders as they are: what is passed over is counted, nothing is overwritten, and one bad thing takes no more with it. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBundle } from '../../src/bundle/open.ts';
import { amendBundle } from '../../src/bundle/write.ts';
import { encodePng } from '../../src/data/image/encode.ts';
import { isHeatMapPng } from '../../src/data/image/heat-map-mark.ts';
import { writeSmallFlow } from '../support/bundle.ts';
import { plainPng, temporaryFolders } from '../support/folder.ts';
import { smallBundle } from '../support/station.ts';
import { felfri } from './felfri.ts';

const folder = temporaryFolders();
let work: string;
let bundle: string;
let photo: Uint8Array;

/** A folder of the given photos, each a good part's. */
async function photos(...names: string[]): Promise<string> {
  const root = await folder();
  for (const name of names) {
    await mkdir(join(root, name, '..'), { recursive: true });
    await writeFile(join(root, name), photo);
  }
  return root;
}

const hashOf = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

beforeAll(async () => {
  work = await folder();
  bundle = join(work, 'bundle');
  await writeSmallFlow(bundle);
  const { manifest, close } = await openBundle(bundle);
  await close();
  const threshold = { value: 1e9, rule: 'made', statement: '', chosenOn: '' };
  await amendBundle(bundle, manifest, { threshold });
  const data = Uint8Array.from({ length: 96 * 64 * 3 }, (_, i) => (i * 7) % 200);
  photo = await encodePng({ width: 96, height: 64, channels: 3, data });
});

describe('felfri inspect', () => {
  it('names and counts what it passed over, and its exit code knows of it', async () => {
    const root = await photos('a.png', 'b.jpg', 'shift 2/c.png');
    await writeFile(join(root, 'scan.exr'), 'x');
    await writeFile(join(root, 'list.csv'), 'x');
    const flat = await felfri(['inspect', bundle, root]);
    expect(flat.code).toBe(3);
    expect(flat.stdout.trim().split('\n').at(-1)).toBe('2 OK, 2 not inspected, 1 other files');
    expect(flat.stderr).toContain('scan.exr: felfri does not read OpenEXR');
    expect(flat.stderr).toContain('shift 2: a sub-folder of 1 files; --recursive');
    const deep = await felfri(['inspect', bundle, root, '--recursive', '--json']);
    expect(deep.code).toBe(3);
    const lines = deep.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ image, decision, error }) => [image.slice(root.length + 1), decision ?? error.code])).toEqual([
      ['scan.exr', 'IMAGE_FORMAT'],
      ['a.png', 'OK'],
      ['b.jpg', 'OK'],
      ['shift 2/c.png', 'OK'],
    ]);
    expect(deep.stderr).toBe('3 OK, 1 not inspected, 1 other files\n');
    expect(lines[1].bundle).toBe(await hashOf(join(bundle, 'bundle.json')));
  });

  it('says that a picture shows nothing, and lets no line pass it; a product that looks so may be judged', async () => {
    const root = await photos('a.png');
    for (const [name, value] of [
      ['black', 0],
      ['white', 255],
      ['grey', 90],
    ] as const)
      await writeFile(join(root, `${name}.png`), await plainPng(value, 96, 64));
    const { code, stdout } = await felfri(['inspect', bundle, root]);
    expect(code).toBe(4);
    expect(stdout.match(/^REVIEW .*no picture/gm)).toHaveLength(3);
    expect(stdout).toContain('1 OK, 3 REVIEW');
    expect((await felfri(['inspect', bundle, root, '--blank', 'judge', '--quiet'])).code).toBe(0);
  });

  it('writes maps beside nothing: not onto photos, not onto one another, not onto what felfri did not write', async () => {
    const root = await photos('a.png', 'a.jpg', 'sub/a.png', 'sub/A.PNG');
    const before = await hashOf(join(root, 'a.png'));
    for (const maps of [root, join(root, 'sub'), join(root, 'sub', '..')]) {
      const refused = await felfri(['inspect', bundle, root, '--recursive', '--maps', maps]);
      expect([refused.code, refused.stderr.split(':')[0]], maps).toEqual([2, 'OPTION_INVALID']);
    }
    const maps = join(root, 'maps');
    // twice: its own maps it replaces, and does not inspect
    for (let i = 0; i < 2; i++)
      expect((await felfri(['inspect', bundle, root, '--recursive', '--maps', maps])).stdout).toContain('\n4 OK');
    const written = (await readdir(maps, { recursive: true })).filter((name) => name.endsWith('.png')).sort();
    expect(written).toEqual(['a.jpg.png', 'a.png.png', 'sub/A.PNG.png', 'sub/a.png-2.png']);
    for (const name of written) expect(isHeatMapPng(await readFile(join(maps, name)))).toBe(true);
    await writeFile(join(maps, 'a.png.png'), photo);
    const kept = await felfri(['inspect', bundle, root, '--maps', maps]);
    expect([kept.code, kept.stderr.split(':')[0]]).toEqual([2, 'OUTPUT_EXISTS']);
    expect(await hashOf(join(maps, 'a.png.png'))).toBe(before);
    expect(await hashOf(join(root, 'a.png'))).toBe(before);
    const other = await photos('a.png');
    const second = join(work, 'second maps');
    expect((await felfri(['inspect', bundle, other, '--maps', second])).code).toBe(0);
    const first = await hashOf(join(second, 'a.png'));
    // another photo of that name, and the same one by another model
    const another = join(work, 'another');
    await smallBundle(another, 1e9);
    for (const [model, images] of [
      [bundle, join(root, 'a.png')],
      [another, other],
    ] as const) {
      const refused = await felfri(['inspect', model, images, '--maps', second]);
      expect([refused.code, refused.stderr.split(':')[0]]).toEqual([2, 'OUTPUT_EXISTS']);
      expect(refused.stderr).toContain('no heat map of this image by this model');
    }
    expect(await hashOf(join(second, 'a.png'))).toBe(first);
    const told = await felfri([
      'inspect',
      bundle,
      join(root, 'a.png'),
      join(root, 'a.jpg'),
      '--maps',
      maps,
      '--overwrite',
    ]);
    expect(told.code).toBe(0);
  });

  it('names each image that is refused, with heat maps and without', async () => {
    const root = await photos('a.png');
    for (const name of ['b.png', 'c.png']) await writeFile(join(root, name), 'none');
    const maps = join(await folder(), 'maps');
    for (const more of [[], ['--maps', maps]]) {
      const { stdout } = await felfri(['inspect', bundle, root, '--json', ...more]);
      const lines = stdout.trim().split('\n');
      expect(lines.map((line) => JSON.parse(line).image)).toEqual(
        ['a.png', 'b.png', 'c.png'].map((name) => join(root, name)),
      );
    }
  });

  it('goes on after an image or a map that fails', async () => {
    const root = await photos('a.png', 'c.png');
    await writeFile(join(root, 'b.png'), 'none');
    const { code, stdout } = await felfri(['inspect', bundle, root, join(root, 'missing.png'), '--json']);
    expect(code).toBe(3);
    const outcomes = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(outcomes.map(({ decision, error }) => decision ?? error.code)).toEqual([
      'OK',
      'IMAGE_FORMAT',
      'OK',
      'IMAGE_MISSING',
    ]);
    await writeFile(join(work, 'file'), 'x');
    const refused = await felfri(['inspect', bundle, root, '--maps', join(work, 'file', 'maps')]);
    expect([refused.code, refused.stderr.split(':')[0]]).toEqual([2, 'PATH_UNUSABLE']);
  });
});

describe('a name with a line feed', () => {
  it('is one line of the output all the same, and so is what is said of it', async () => {
    const root = await photos('a\nOK      score 0.1  b.png', 'c\u001b[2J.png');
    await writeFile(join(root, 'd\nOK.png'), 'no image');
    const { stdout, stderr } = await felfri(['inspect', bundle, root]);
    expect(stdout.trim().split('\n')).toHaveLength(3);
    expect(stdout).toContain('a\\u000aOK      score 0.1  b.png');
    expect(stdout).toContain('c\\u001b[2J.png');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('d\\u000aOK.png');
    const json = (await felfri(['inspect', bundle, root, '--json'])).stdout.trim().split('\n');
    expect(json.map((text) => JSON.parse(text).image)).toContain(join(root, 'c\u001b[2J.png'));
  });
});
