/** The examples of examples/ do what they say, as a user would run them. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import ts from 'typescript';
import { beforeAll, expect, it } from 'vitest';
import { encodePng } from '../src/data/image/encode.ts';
import { isHeatMapPng } from '../src/data/image/heat-map-mark.ts';
import { compiledFile, root } from './support/compiled.ts';
import { plainPng, temporaryFolders } from './support/folder.ts';
import { activeRecipe, smallBundle, startStation } from './support/station.ts';
import { photographPng } from './textures.ts';

const folder = temporaryFolders();
let work: string;

/** What the package exports, and where it lies compiled. */
const entries = { felfri: 'index', 'felfri/client': 'station/client/client', 'felfri/engine': 'engine/index' };

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const run = async (name: string, ...args: string[]): Promise<Finished> =>
  runSource(name, await readFile(join(root, 'examples', `${name}.ts`), 'utf8'), ...args);

/** Runs a program, compiled, with felfri as it is compiled for the tests. */
async function runSource(name: string, source: string, ...args: string[]): Promise<Finished> {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
  });
  const script = join(work, `${name}.mjs`);
  const addressed = Object.entries(entries).reduce(
    (text, [entry, file]) => text.replaceAll(`'${entry}'`, JSON.stringify(pathToFileURL(compiledFile(file)).href)),
    outputText,
  );
  await writeFile(script, addressed);
  return runProgram(script, ...args);
}

async function runProgram(script: string, ...args: string[]): Promise<Finished> {
  const child = spawn(process.execPath, [script, ...args], { cwd: work });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stdout, stderr };
}

const health = join(root, 'examples/service/felfri-health.mjs');

/** Good parts that differ, and parts with a bright square where the good ones have texture. */
async function makePhotos(): Promise<void> {
  for (let i = 0; i < 24; i++) {
    const good = i < 18;
    const path = join(work, 'photos', good ? 'good' : 'defective', `${i}.png`);
    await mkdir(dirname(path), { recursive: true });
    const { data, info } = await sharp(await photographPng(i))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const light = new Uint8Array(data);
    for (let y = 40; !good && y < 75; y++) light.fill(255, y * info.width + 40, y * info.width + 75);
    await writeFile(path, await encodePng({ width: info.width, height: info.height, channels: 1, data: light }));
  }
}

beforeAll(async () => {
  work = await folder();
  await makePhotos();
});

it('trains a flow, and inspects a folder and bytes by it', async () => {
  const trained = await run('train-flow', 'photos', 'bundle', '1');
  // of so few images the threshold promises little, and nothing else is to be said
  expect(
    trained.stderr
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/:.*/, '')),
  ).toEqual(['4 good images are few to set a threshold on', '1 defective image is few to set a threshold on']);
  expect([trained.code, trained.stdout]).toEqual([
    0,
    expect.stringMatching(/NG from .*\nAUROC on parts .* [01]\.\d{3}/),
  ]);

  await writeFile(join(work, 'photos', 'defective', 'broken.png'), 'none');
  const inspected = await run('inspect-folder', 'bundle', 'photos/defective', 'maps');
  expect([inspected.code, inspected.stderr]).toEqual([0, '']);
  expect(inspected.stdout).toContain('NOT INSPECTED  IMAGE_FORMAT');
  const decisions = inspected.stdout.match(/^(OK|REVIEW|NG) /gm)!;
  expect(decisions).toHaveLength(6);
  const maps = await readdir(join(work, 'maps'));
  expect(maps).toHaveLength(decisions.filter((decision) => decision !== 'OK ').length);
  for (const name of maps) expect(isHeatMapPng(await readFile(join(work, 'maps', name)))).toBe(true);

  // a dead camera passes nothing
  await writeFile(join(work, 'black.png'), await plainPng(0, 160, 160));
  const black = await run('inspect-bytes', 'bundle', 'black.png');
  expect([black.code, black.stdout, black.stderr]).toEqual([0, 'keep out\n', '']);
  expect(isHeatMapPng(await readFile(join(work, 'part-1.map.png')))).toBe(true);
  expect((await run('inspect-bytes', 'bundle', 'photos/defective/broken.png')).stdout).toBe('keep out\n');
}, 240_000);

it('fits a line by the engine, and the document of the engine shows that program', async () => {
  const fitted = await run('engine');
  expect([fitted.code, fitted.stderr, fitted.stdout]).toEqual([0, '', 'slope 2.000, y(10) = 21.000\n']);
  const document = await readFile(join(root, 'docs/engine.md'), 'utf8');
  expect(document).toContain(await readFile(join(root, 'examples/engine.ts'), 'utf8'));
});

it('asks a station as a line would, and keeps out what has no decision', async () => {
  const own = await startStation(await folder());
  const address = await own.app.listen({ host: '127.0.0.1', port: 0 });
  const photo = join(work, 'photos', 'good', '0.png');
  try {
    expect(await runProgram(health, address)).toMatchObject({ code: 0, stderr: '' });
    expect(await runProgram(health, address, '--ready')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no recipe'),
    });
    const refused = await run('ask-station', address, photo, 'p-1');
    expect([refused.code, refused.stderr]).toEqual([0, '']);
    expect(refused.stdout).toMatch(/^NOT INSPECTED {2}NO_RECIPE: .*\nkeep out\n$/);
    await activeRecipe(own, await smallBundle(join(await folder(), 'strict'), 1e-6));
    const { stdout } = await run('ask-station', address, photo, 'p-2');
    const [, id] = stdout.match(/^NG {2}score .* {2}record (\S+)\nkeep out\n$/)!;
    expect(await (await fetch(`${address}/api/inspections/${id}`)).json()).toMatchObject({ part: 'p-2' });
  } finally {
    await own.close();
  }
  expect(await runProgram(health, address)).toMatchObject({ code: 1, stderr: expect.stringContaining('ECONNREFUSED') });
  expect((await run('ask-station', address, photo)).stdout).toMatch(/^NOT INSPECTED {2}STATION_UNREACHABLE/);
});

it.runIf(existsSync('/usr/bin/systemd-analyze'))('holds units that systemd takes', async () => {
  const own = await folder();
  const names = (await readdir(join(root, 'examples/service'))).filter((name) => /\.(service|timer)$/.test(name));
  expect(names).toHaveLength(3);
  for (const name of names) {
    const unit = await readFile(join(root, 'examples/service', name), 'utf8');
    await writeFile(join(own, name), unit.replace('/usr/local/bin/felfri', process.execPath));
  }
  // complaints go to stderr, also where it ends with 0
  const paths = names.map((name) => join(own, name));
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...paths], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

it('trains by the five lines of docs/library.md', async () => {
  const text = await readFile(join(root, 'docs', 'library.md'), 'utf8');
  const lines = /## Training\n[\s\S]*?```ts\n([\s\S]*?)```/.exec(text)![1]!;
  expect(
    lines
      .trim()
      .split('\n')
      .filter((line) => line !== ''),
  ).toHaveLength(5);
  // fewer epochs than the preset has, so that a test is no minute
  const { code, stdout, stderr } = await runSource('library', lines.replace("'line' }", "'line', epochs: 1 }"));
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^bundles\/flow: NG from [\d.-]+\. \w.*\nAUROC on parts that had no say: [01]/);
  const manifest = JSON.parse(await readFile(join(work, 'bundles', 'flow', 'bundle.json'), 'utf8'));
  // as `felfri train flow` has it
  expect(manifest).toMatchObject({ canvas: { height: 256, width: 256 }, backbone: { name: 'wavelet' } });
  expect(manifest.settings.flow).toMatchObject({ hidden: 64, start: 'principal' });
}, 240_000);
