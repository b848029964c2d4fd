/** Labels on their way into a training: what is understood, what is named, and what a refused start leaves. */
import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { temporaryFolders, writeTree } from '../support/folder.ts';
import { felfri } from './felfri.ts';

const newFolder = temporaryFolders();
const side = 48;
const inDefect = (i: number): boolean => i % side >= 12 && i % side < 24 && i >= side * 15 && i < side * 27;

const png = (value: (i: number) => number): Promise<Buffer> =>
  sharp(
    Uint8Array.from({ length: side * side }, (_, i) => value(i)),
    { raw: { width: side, height: side, channels: 1 } },
  )
    .toColourspace('b-w')
    .png()
    .toBuffer();

/** A texture of its own for each number, with a bright square where asked. */
const part = (n: number, defective: boolean): Promise<Buffer> =>
  png((i) =>
    defective && inDefect(i) ? 240 : 110 + 30 * Math.sin((i % side) * (0.2 + n / 40) + n) + ((i * 7919 * (n + 1)) % 23),
  );

/** Twelve good and ten defective images; `mask` gives the mask of each. */
async function makeSet(folder: string, mask: (n: number) => Promise<Buffer>): Promise<void> {
  const files: Record<string, Buffer> = {};
  for (let n = 0; n < 12; n++) files[`good/g${n}.png`] = await part(n, false);
  for (let n = 0; n < 10; n++) {
    files[`defective/d${n}.png`] = await part(50 + n, true);
    files[`masks/d${n}.png`] = await mask(n);
  }
  await writeTree(folder, files);
}

const small = ['--size', '48', '--patch', '48', '--epochs', '1', '--base', '2', '--batch', '4', '--threads', '1'];
const options = [...small, '--allow-leaks', '--quiet', '--json'];
interface Summary {
  readonly leftOut: readonly { readonly name: string; readonly code: string; readonly pixelsOnly?: boolean }[];
  readonly evaluation: object | null;
}

it('a U-Net leaves out and names images whose masks mark nothing, also with --quiet; a refused start binds nothing', async () => {
  const folder = await newFolder();
  const [set, output] = [join(folder, 'set'), join(folder, 'unet')];
  const command = ['train', 'unet', set, '-o', output, ...options];
  await makeSet(set, () => png(() => 0));
  const refused = await felfri(command);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('MASK_EMPTY');
  expect(await readdir(output).catch(() => [])).toEqual([]);

  // class numbers in most, nothing in one, an inverted one
  await makeSet(set, (n) =>
    png((i) => (n === 3 ? 0 : n === 4 ? (inDefect(i) ? 0 : 255) : inDefect(i) ? 1 + (n % 9) : 0)),
  );
  const trained = await felfri(command);
  expect(trained.stderr).not.toContain('MASK_MISMATCH');
  expect(trained.code, trained.stderr).toBe(0);
  const { leftOut } = JSON.parse(trained.stdout) as Summary;
  const named = [...new Set(leftOut.map(({ name, code }) => `${name} ${code}`))].sort();
  expect(named).toEqual(['defective/d3.png MASK_EMPTY', 'defective/d4.png MASK_UNCLEAR']);
  for (const name of ['d3.png', 'd4.png']) expect(trained.stderr).toContain(name);
}, 120_000);

it('a flow keeps images whose masks cannot be used, refuses sizes at once, and takes a copy of the data for the same', async () => {
  const folder = await newFolder();
  const set = join(folder, 'set');
  await makeSet(set, async (n) => {
    const whole = await png((i) => (inDefect(i) ? 255 : 0));
    return n % 2 ? sharp(whole).resize(24).png().toBuffer() : whole;
  });
  const flow = ['--epochs', '0', '--threads', '1', '--no-cache', '--allow-leaks', '--quiet', '--json'];
  const illegal = await felfri(['train', 'flow', set, '-o', join(folder, 'flow'), '--size', '104', ...flow]);
  expect([illegal.code, illegal.stderr]).toEqual([
    2,
    expect.stringMatching(/OPTION_INVALID.*multiples of 32.*96 x 96/),
  ]);
  const trained = await felfri(['train', 'flow', set, '-o', join(folder, 'flow'), '--size', '64', ...flow]);
  expect(trained.code, trained.stderr).toBe(0);
  const { leftOut, evaluation } = JSON.parse(trained.stdout) as Summary;
  expect(evaluation).not.toBeNull();
  expect(leftOut.length).toBeGreaterThan(0);
  expect(leftOut.every(({ code, pixelsOnly }) => code === 'MASK_MISMATCH' && pixelsOnly)).toBe(true);

  const stopped = ['-o', join(folder, 'unet'), ...options, '--max-minutes', '0.0001'];
  await makeSet(set, () => png((i) => (inDefect(i) ? 255 : 0)));
  expect((await felfri(['train', 'unet', set, ...stopped])).code).toBe(0);
  await cp(set, join(folder, 'elsewhere', 'set'), { recursive: true });
  // finished, so there is nothing to go on with; but it is the same data
  const again = await felfri(['train', 'unet', join(folder, 'elsewhere', 'set'), ...stopped, '--resume']);
  expect(again.stderr).toContain('RUN_EXISTS');
  expect(again.stderr).not.toContain('CHECKPOINT_INVALID');
}, 120_000);
