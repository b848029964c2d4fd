/** What measurements of whole bundles need, made once in .cache/bench: the compiled program, simulated parts, trained bundles. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleSchema } from '../scripts/bundle-schema.ts';
import { repositoryPath } from '../scripts/repository.ts';
import { newestSource } from './sources.ts';

const run = promisify(execFile);
const cache = repositoryPath('.cache/bench');

/** Where what is made is kept. */
export const made = (name: string): string => join(cache, name);

/** The compiled command line. */
export const command = made('dist/cli/main.js');

export const felfri = (...args: string[]) =>
  run(process.execPath, [command, ...args, '--quiet'], { maxBuffer: 2 ** 24 });

/** Builds the program, as `npm run build` does, where its source is newer. */
export async function prepareProgram(): Promise<void> {
  if (existsSync(command) && (await newestSource(made('dist'))) > (await newestSource(repositoryPath('src')))) return;
  await rm(made('dist'), { recursive: true, force: true });
  await mkdir(cache, { recursive: true });
  await copyFile(repositoryPath('package.json'), made('package.json'));
  const tsc = repositoryPath('node_modules/typescript/bin/tsc');
  await run(process.execPath, [tsc, '-p', repositoryPath('tsconfig.build.json'), '--outDir', made('dist')]);
  await bundleSchema(made('dist/core/schema.js'));
}

/** Makes a folder beside its place and moves it there whole, so that one that was broken off is made anew. */
export async function madeOnce(target: string, make: (path: string) => Promise<unknown>): Promise<void> {
  if (existsSync(target)) return;
  const making = `${target}.making`;
  await rm(making, { recursive: true, force: true });
  await make(making);
  await rename(making, target);
}

interface Simulation {
  readonly parts: number;
  readonly seed: number;
  readonly difficulty: number;
}

/** Simulated ring faces, two images a part, two fifths of the parts defective. */
export function simulate(target: string, { parts, seed, difficulty }: Simulation): Promise<void> {
  const options = ['--parts', `${parts}`, '--seed', `${seed}`, '--images-per-part', '2'];
  return madeOnce(target, (path) =>
    felfri(
      'simulate',
      'bearing-ring',
      '-o',
      path,
      ...options,
      '--defective-share',
      '0.4',
      '--difficulty',
      `${difficulty}`,
    ),
  );
}

export const train = (detector: 'flow' | 'unet', parts: string, output: string, ...options: string[]) =>
  felfri('train', detector, parts, '-o', output, ...options);

/** Image files of a simulated set, in the order of their names. */
export async function imagesOf(parts: string): Promise<string[]> {
  const folder = join(parts, 'images');
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.png')).sort();
  return names.map((name) => join(folder, name));
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
