/**
 * `npm start`: the station with something to see. Builds what is not built, makes a recipe from simulated parts once, serves it, and lets
 * a simulated line send its first parts. What follows `--` goes to `felfri serve`: `npm start -- --port 8000`.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { repositoryPath } from './repository.ts';
import { makeSimulatedRecipe } from './simulated-recipe.ts';

const folder = repositoryPath('felfri-start');
const recipe = join(folder, 'simulated-rings');
const line = join(folder, 'line');
const command = repositoryPath('dist/cli/main.js');
const page = repositoryPath('dist/web/index.html');

/** Between two parts of the simulated line. */
const PART_MILLIS = 1500;

class Failed extends Error {
  readonly code: number;

  constructor(what: string, code: number) {
    super(`${what} ended with ${code}`);
    this.code = code;
  }
}

/** Runs a program to its end, with its progress on this terminal. */
function run(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', cwd: repositoryPath('.') });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Failed(`${program} ${args[0]}`, code ?? 130))));
  });
}

const felfri = (...args: string[]): Promise<void> => run(process.execPath, [command, ...args]);

/** Time of the newest file of a folder. */
async function newest(path: string): Promise<number> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  const times = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).mtimeMs));
  return Math.max(...times);
}

async function build(): Promise<void> {
  const sources = await Promise.all(['src', 'web'].map((name) => newest(repositoryPath(name))));
  for (const made of [command, page]) {
    if (existsSync(made) && (await stat(made)).mtimeMs >= Math.max(...sources)) continue;
    console.log('Building');
    await run('npm', ['run', '--silent', 'build']);
    return;
  }
}

/** The images of fold 0, on which the recipe was neither trained nor calibrated, for the simulated line. */
async function copyUnseen(parts: string, to: string): Promise<void> {
  await mkdir(to);
  const rows = (await readFile(join(parts, 'manifest.csv'), 'utf8')).trim().split('\n');
  const columns = rows[0]!.split(',');
  for (const row of rows.slice(1).map((text) => text.split(','))) {
    const image = row[columns.indexOf('image')]!;
    if (row[columns.indexOf('fold')] === '0') await copyFile(join(parts, image), join(to, basename(image)));
  }
}

/** Made beside its place and moved there whole, so that a broken-off first start is begun anew. */
async function makeRecipe(): Promise<void> {
  if (existsSync(recipe) && existsSync(line)) return;
  console.log('The first start makes a recipe from simulated ring faces: a minute or two');
  const making = join(folder, 'making');
  await rm(making, { recursive: true, force: true });
  const [parts, bundle, next] = ['parts', 'bundle', 'line'].map((name) => join(making, name)) as [
    string,
    string,
    string,
  ];
  await makeSimulatedRecipe(felfri, parts, bundle);
  await copyUnseen(parts, next);
  for (const [from, to] of [
    [bundle, recipe],
    [next, line],
  ] as const) {
    await rm(to, { recursive: true, force: true });
    await rename(from, to);
  }
  await rm(making, { recursive: true });
}

/** Sends parts to a station that has no records yet, as a line would. */
async function runLine(address: string): Promise<void> {
  const records = (await (await fetch(`${address}/api/inspections?limit=1`)).json()) as { inspections?: unknown[] };
  if (records.inspections?.length !== 0) return;
  for (const name of (await readdir(line)).sort()) {
    const part = name.slice(0, name.lastIndexOf('.'));
    const body = new Uint8Array(await readFile(join(line, name)));
    const headers = { 'content-type': 'application/octet-stream' };
    await fetch(`${address}/api/inspections?part=${part}&lot=simulated`, { method: 'POST', headers, body });
    await sleep(PART_MILLIS);
  }
}

/** Serves until it is stopped; gives the exit code. */
function serve(args: readonly string[]): Promise<number> {
  const given = ['serve', recipe, '--data', join(folder, 'data'), '--store', 'all', ...args];
  const child = spawn(process.execPath, [command, ...given], { stdio: ['inherit', 'pipe', 'inherit'] });
  // Ctrl-C reaches the station too, which ends in its own time
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  createInterface({ input: child.stdout }).on('line', (text) => {
    console.log(text);
    const address = /felfri station at (\S+?):? /.exec(text)?.[1];
    if (!address) return;
    console.log(`\nOpen ${address} in a browser.\n`);
    // a station with a token, or one that is stopped meanwhile, gets no parts
    runLine(address).catch(() => undefined);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 0));
  });
}

try {
  await build();
  await makeRecipe();
  process.exitCode = await serve(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Failed)) throw error;
  console.error(error.message);
  process.exitCode = error.code;
}
