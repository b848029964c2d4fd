/**
 * What a simulated GigE Vision camera of 25 frames a second loses on its way into felfri, and what that costs this process: no image is inspected.
 *
 *     tsx bench/line-cameras.ts [--seconds 30]
 *
 * Needs Aravis with its simulated camera, as .ci/run installs it.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Type, Value } from '../src/core/schema.ts';
import type { Inspection } from '../src/station/contract/inspections.ts';
import { makeGenicam } from '../src/station/line/sources/genicam/genicam.ts';
import { type GenicamSettings, genicamSettings } from '../src/station/line/sources/genicam/settings.ts';
import type { SourceTools } from '../src/station/line/sources/source.ts';
import { fakeCamera } from '../test/support/sources.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '30' } } });
const camera = await fakeCamera();
const alarms = new Map<string, number>();
const decided: Inspection = { part: null } as Inspection;
let frames = 0;
const tools: SourceTools = {
  name: 'bench',
  folder: '/nowhere',
  atOnce: 1,
  isStopping: false,
  mostPixels: 50_000_000,
  counts: { decided: 0, notInspected: 0, repeated: 0, dropped: 0, restarts: 0 },
  room: () => () => undefined,
  came: () => void frames++,
  inspect: async () => decided,
  inspectAll: async () => decided,
  note: async () => undefined,
  alarm: (about) => void alarms.set(about, (alarms.get(about) ?? 0) + 1),
  over: () => undefined,
};
const given = { camera: camera.camera, pixelFormat: 'Mono8', take: 'all' };
const source = await makeGenicam(Value.Default(Type.Object(genicamSettings), given) as GenicamSettings, tools);
while (frames === 0) await sleep(50);
const [first, cpu, memory, start] = [frames, process.cpuUsage(), process.memoryUsage.rss(), performance.now()];
const { dropped } = tools.counts;
await sleep(1000 * Number(values.seconds));
const { user, system } = process.cpuUsage(cpu);
const seconds = (performance.now() - start) / 1000;
const came = frames - first;
console.log({
  seconds: seconds.toFixed(1),
  frames: came,
  framesASecond: (came / seconds).toFixed(1),
  damagedOrLost: tools.counts.dropped - dropped,
  restarts: tools.counts.restarts,
  cpuMillisAFrame: ((user + system) / 1000 / came).toFixed(2),
  memoryGrewMegabytes: ((process.memoryUsage.rss() - memory) / 1e6).toFixed(0),
  alarms: Object.fromEntries(alarms),
});
await source.close();
await camera.end();
