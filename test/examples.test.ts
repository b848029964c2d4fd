/** The examples of examples/ do what they say, as a user would run them. */
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import ts from 'typescript';
import { beforeAll, expect, it } from 'vitest';
import { encodePng } from '../src/data/image/encode.ts';
import { isHeatMapPng } from '../src/inspect/heat-map-png.ts';
import { compiledFile, root } from './support/compiled.ts';
import { plainPng, temporaryFolders } from './support/folder.ts';
import { photographPng } from './textures.ts';

const folder = temporaryFolders();
let work: string;

/** Runs an example, compiled, with felfri as it is compiled for the tests. */
async function run(name: string, ...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const source = await readFile(join(root, 'examples', `${name}.ts`), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
  });
  const script = join(work, `${name}.mjs`);
  await writeFile(script, outputText.replaceAll("'felfri'", JSON.stringify(pathToFileURL(compiledFile('index')).href)));
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
  expect(trained.stderr).toBe('');
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
