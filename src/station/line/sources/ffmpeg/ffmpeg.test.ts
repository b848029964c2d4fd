/** An RTSP camera by ffmpeg at a real station: frames of triggers, a camera that freezes or stutters, a stream that is damaged. */
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../../../test/support/folder.ts';
import { freePort, startLine, type TestLine } from '../../../../../test/support/line.ts';
import { absent, rtspCamera } from '../../../../../test/support/sources.ts';
import { activeRecipe, smallBundle } from '../../../../../test/support/station.ts';
import { until } from '../../../../../test/support/until.ts';
import type { Inspection } from '../../../contract/inspections.ts';

const folder = temporaryFolders();

/** A video whose middle is damaged, as a bad network leaves it. */
async function damagedVideo(path: string): Promise<void> {
  const made = spawnSync('ffmpeg', ['-loglevel', 'error', '-f', 'lavfi', '-i', 'testsrc=size=160x120:rate=10', '-t', '3', '-c:v', 'mpeg4', '-g', '10', path]); // biome-ignore format: one line
  expect(made.stderr.toString()).toBe('');
  const bytes = await readFile(path);
  for (let i = 0; i < 40; i++) bytes[Math.floor(bytes.length * (0.4 + i / 200))]! ^= 0xff;
  await writeFile(path, bytes);
}

/** Ten pictures, and then ten that are half as wide, as of a camera that another program sets. */
async function changedVideo(path: string): Promise<void> {
  const parts = ['160x120', '80x120'].map(
    (size) => spawnSync('ffmpeg', ['-loglevel', 'error', '-f', 'lavfi', '-i', `testsrc=size=${size}:rate=10`, '-t', '1', '-c:v', 'mjpeg', '-f', 'mjpeg', 'pipe:1']).stdout, // biome-ignore format: one line
  );
  await writeFile(path, Buffer.concat(parts));
}

describe.skipIf(absent.ffmpeg !== null)('an RTSP camera', () => {
  let test: TestLine;
  let camera: Awaited<ReturnType<typeof rtspCamera>>;
  beforeAll(async () => {
    const bundle = await smallBundle(join(await folder(), 'rings'), 0.5);
    camera = await rtspCamera(10);
    const video = join(await folder(), 'video.ts');
    await damagedVideo(video);
    const huge = join(await folder(), 'huge.avi');
    spawnSync('ffmpeg', ['-loglevel', 'error', '-f', 'lavfi', '-i', 'testsrc=size=1600x1200:rate=5', '-t', '1', '-c:v', 'mjpeg', huge]); // biome-ignore format: one line
    const changed = join(await folder(), 'changed.mjpeg');
    await changedVideo(changed);
    const sources = {
      door: { kind: 'ffmpeg', input: camera.input, triggerMillis: 1500, frameSeconds: 2, triggeredBy: 'plc' },
      huge: { kind: 'ffmpeg', input: huge, take: 'all' },
      changed: { kind: 'ffmpeg', input: changed, take: 'rate', everySeconds: 0.1 },
      video: { kind: 'ffmpeg', input: video, take: 'rate', everySeconds: 0.2, pixels: 'grey' },
    };
    test = await startLine(await folder(), { plc: { kind: 'modbus', port: await freePort() } }, 'press-7', sources);
    await activeRecipe(test, bundle);
    await until(async () => (await told()).connected, 'a frame');
  });
  afterAll(async () => {
    camera.program.process?.kill('SIGCONT');
    await test?.close();
    await camera?.program.kill();
  });

  const told = async (name = 'door') => (await test.line.told()).sources.find((one) => one.name === name)!;
  const alarms = () => test.station.alarms.all.map(({ id }) => id);
  const records = async () => (await test.station.records.partRecords({ limit: 500 })).inspections;

  it('takes one frame for each trigger, a later one each time, and calls it by the part', async () => {
    const found: Inspection[] = [];
    for (const part of ['r1', 'r2', 'r3']) found.push(await test.line.trigger('door', { part, lot: 'L7' }));
    expect(found.map(({ part, lot, width }) => [part, lot, width])).toEqual(['r1', 'r2', 'r3'].map((part) => [part, 'L7', 160])); // biome-ignore format: one line
    const frames = found.map(({ resultId }) => Number(resultId.split('-').at(-1)));
    expect(new Set(frames).size).toBe(3);
    expect((await told()).lastImage).toMatch(/^frame \d+, \d+\.\d+ s$/);
    const answer = await test.app.inject({ method: 'POST', url: '/api/line/sources/door/trigger?part=r4' });
    // the line of this station is not that of its server
    expect(answer.statusCode).toBe(404);
  });

  it('has no frame decoded that is larger than an image may be, and says so', async () => {
    await until(
      async () => /1600x1200 pixels; legal are up to 1000000/.test((await told('huge')).problem ?? ''),
      'why',
    );
    expect(await told('huge')).toMatchObject({ connected: false, decided: 0, notInspected: 0, lastImage: null });
    expect(alarms()).toContain('huge: camera');
  });

  it('takes no frame that was exposed before the trigger', async () => {
    const before = Number(/frame (\d+)/.exec((await told()).lastImage!)![1]);
    const start = performance.now();
    await test.line.trigger('door', { part: 'later' });
    // ten frames a second: at the least those of `latencyMillis` are left out
    const taken = Number(/frame (\d+)/.exec((await told()).lastImage!)![1]);
    expect(taken).toBeGreaterThan(before + 1);
    expect(performance.now() - start).toBeGreaterThanOrEqual(200);
  });

  it('is frozen: an alarm within its window, triggers on record as not inspected, and taken up again by itself', async () => {
    camera.program.process!.kill('SIGSTOP');
    await expect(test.line.trigger('door', { part: 'frozen' })).rejects.toMatchObject({ code: 'LINE_LATE' });
    await until(() => alarms().includes('door: camera'), 'an alarm');
    expect(alarms()).toContain('door: trigger');
    expect((await records()).find(({ part }) => part === 'frozen')).toMatchObject({
      decision: 'NOT_INSPECTED',
      cause: 'late',
      code: 'LINE_LATE',
    });
    camera.program.process!.kill('SIGCONT');
    await until(() => !alarms().includes('door: camera'), 'taken up again');
    expect((await told()).restarts).toBeGreaterThan(0);
    // the server itself gives some frames and none again, before it goes on
    const taken = (): Promise<boolean> =>
      test.line.trigger('door', { part: 'thawed' }).then(
        ({ part }) => part === 'thawed',
        () => false,
      );
    await until(taken, 'a frame of a trigger');
    await until(() => !alarms().includes('door: trigger'), 'no alarm');
  });

  it('stutters: an alarm while frames come late, and they are for no trigger', async () => {
    camera.program.process!.kill('SIGSTOP');
    await sleep(1200);
    const start = performance.now();
    const taken = test.line.trigger('door', { part: 'stutter' });
    camera.program.process!.kill('SIGCONT');
    await taken;
    expect(performance.now() - start).toBeGreaterThanOrEqual(200);
    await until(() => alarms().every((id) => !id.startsWith('door')), 'no alarm');
  });

  it('judges no frame that came damaged, nor those that follow from it', async () => {
    await until(() => alarms().includes('video: frame') || alarms().includes('video: camera'), 'an alarm');
    await until(async () => (await told('video')).restarts > 0, 'taken up again');
    const { lastImage, decided } = await told('video');
    await until(async () => (await told('video')).decided > decided, 'further frames');
    // the damage begins after a third of its 30 frames
    expect(Number(/frame (\d+)/.exec(lastImage!)![1])).toBeLessThan(20);
  });

  it('judges no picture that ffmpeg stretched to the size of those before', async () => {
    await until(async () => (await told('changed')).restarts > 1 && (await told('changed')).decided > 2, 'two rounds');
    const taken = (await records()).flatMap(({ resultId }) => /^changed-.*-(\d+)$/.exec(resultId ?? '')?.[1] ?? []);
    expect(taken.length).toBeGreaterThan(2);
    expect(taken.filter((id) => Number(id) >= 10)).toEqual([]);
  });
});
