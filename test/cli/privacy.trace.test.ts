/**
 * Nothing leaves the machine, and nothing is written but what docs/privacy.md lists: every file and socket of a simulation, a training,
 * an inspection, a station and a demo is watched by strace; all but the station see no network, where the system lets them be cut off. CI is no part of the environment, as it would switch onnxruntime's collecting off.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../support/folder.ts';
import { startTraced, type Trace, type Traced } from '../support/traced.ts';

const folder = temporaryFolders();
const traces: Record<string, Trace> = {};
let root: string;

/** Starts felfri in a folder of its own, with a home and a temporary folder that are empty at first. */
function start(name: string, alone: boolean, ...args: string[]): Traced {
  const [cwd, home, temporary] = [join(root, 'work'), join(root, 'home'), join(root, 'tmp')];
  return startTraced(args, { cwd, home, temporary, log: join(root, `${name}.log`), alone });
}

async function run(name: string, ...args: string[]): Promise<void> {
  const { code, output, trace } = await start(name, true, ...args).finished;
  // 1 and 4: some parts are NG or for REVIEW
  expect([0, 1, 4], output).toContain(code);
  traces[name] = trace;
}

async function serve(): Promise<void> {
  const args = ['serve', 'flow', '--data', 'station', '--port', '0', '--threads', '1', '--store', 'all'];
  const station = start('station', false, ...args);
  const address = await station.printed(/(http:\/\/127[\d.]+:\d+)/);
  const image = new Uint8Array(await readFile(join(root, 'work/rings/images/ring000-inner-00.png')));
  const headers = { 'content-type': 'image/png' };
  expect((await fetch(`${address}/api/inspections`, { method: 'POST', body: image, headers })).status).toBe(201);
  for (const path of ['/', '/api/station', '/metrics']) expect((await fetch(`${address}${path}`)).status).toBe(200);
  await station.interrupt();
  traces['station'] = (await station.finished).trace;
}

beforeAll(async () => {
  root = await folder();
  for (const name of ['work', 'home', 'tmp']) await mkdir(join(root, name));
  const small = ['--parts', '4', '--images-per-part', '6', '--size', '64'];
  await run('simulate', 'simulate', 'bearing-ring', '-o', 'rings', ...small);
  await run(
    'train',
    'train',
    'flow',
    'rings',
    '-o',
    'flow',
    '--size',
    '64',
    '--epochs',
    '1',
    '--report',
    'report.html',
  );
  await run('inspect', 'inspect', 'flow', 'rings/images', '--maps', 'maps');
  await serve();
  // every step that a demo has, on fewer and smaller images
  await run('demo', 'demo', '--small', '-o', 'demo', '--quiet');
}, 300_000);

/** What may be written, below the folder that holds the working folder, the home and the temporary folder. */
const allowed: Readonly<Record<string, RegExp>> = {
  'the output that was named': /^work\/(rings|flow|maps|station|report\.html|demo)/,
  'the cache of feature maps': /^home\/\.cache(\/felfri(\/.*)?)?$/,
  'temporary files': /^tmp\//,
};

describe('what felfri touches', () => {
  it('is written where it was told to, in its cache and in the temporary folder, and nowhere else', () => {
    const elsewhere = Object.entries(traces).flatMap(([name, { written }]) =>
      written
        .map((path) => (path.startsWith('/') ? path : join(root, 'work', path)))
        .filter((path) => !path.startsWith('/dev/') && !path.startsWith('/proc/self/'))
        .filter((path) => !Object.values(allowed).some((place) => place.test(path.slice(root.length + 1))))
        .map((path) => `${name}: ${path}`),
    );
    expect(elsewhere).toEqual([]);
    expect(traces['train']!.written.some((path) => path.includes('.cache/felfri'))).toBe(true);
  });

  it('speaks to nobody but this machine, and not at all but for the station', () => {
    const spoken = Object.fromEntries(Object.entries(traces).map(([name, { addresses }]) => [name, addresses]));
    expect(spoken).toEqual({ simulate: [], train: [], inspect: [], station: ['127.0.0.1'], demo: [] });
  });

  it('reads nothing of the home folder but its own cache', () => {
    const home = join(root, 'home');
    const read = Object.values(traces).flatMap((trace) => trace.read.filter((path) => path.startsWith(home)));
    expect(read.filter((path) => !path.startsWith(join(home, '.cache/felfri')))).toEqual([]);
  });
});
