/** A stream that begins with pictures of before, as many servers send so that a player starts at once. */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolders } from '../../../../../test/support/folder.ts';
import { absent } from '../../../../../test/support/sources.ts';
import { Type, Value } from '../../../../core/schema.ts';
import type { Inspection } from '../../../contract/inspections.ts';
import type { SourceTools } from '../source.ts';
import { makeFfmpeg } from './ffmpeg.ts';
import { type FfmpegSettings, ffmpegSettings } from './settings.ts';

const folder = temporaryFolders();
const BURST_SECONDS = 3;
let server: Server | undefined;

/** Three seconds at once, and then as they pass. */
async function serve(): Promise<string> {
  const path = join(await folder(), 'video.ts');
  spawnSync('ffmpeg', ['-loglevel', 'error', '-f', 'lavfi', '-i', 'testsrc=size=64x48:rate=10', '-t', '9', '-c:v', 'mpeg2video', '-g', '10', path]); // biome-ignore format: one line
  const bytes = await readFile(path);
  const second = Math.ceil(bytes.length / 9);
  server = createServer((_, answer) => {
    answer.writeHead(200, { 'content-type': 'video/mp2t' });
    let at = BURST_SECONDS * second;
    answer.write(bytes.subarray(0, at));
    const timer = setInterval(() => {
      answer.write(bytes.subarray(at, at + second / 10));
      at += second / 10;
      if (at >= bytes.length) clearInterval(timer);
    }, 100);
    answer.on('close', () => clearInterval(timer));
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

afterAll(() => {
  server?.closeAllConnections();
  server?.close();
});

it.skipIf(absent.ffmpeg !== null)('gives a trigger none of the pictures that were kept', async () => {
  const came: string[] = [];
  const tools: SourceTools = {
    name: 'door',
    folder: '',
    atOnce: 1,
    mostPixels: 1e6,
    isStopping: false,
    counts: { decided: 0, notInspected: 0, repeated: 0, dropped: 0, restarts: 0 },
    room: () => () => undefined,
    came: (what) => void came.push(what),
    inspect: async () => ({}) as Inspection,
    inspectAll: async () => ({}) as Inspection,
    note: async () => undefined,
    alarm: () => undefined,
    over: () => undefined,
  };
  const given = { input: await serve(), triggerMillis: 60_000 };
  const settings = Value.Default(Type.Object(ffmpegSettings), given) as FfmpegSettings;
  const source = await makeFfmpeg(settings, tools);
  // before the first picture is here
  await source.trigger!({ part: 'r1', lot: null, recipe: null });
  await source.close();
  const [, frame] = /frame (\d+)/.exec(came[0]!)!;
  expect(Number(frame)).toBeGreaterThanOrEqual(10 * BURST_SECONDS);
});
