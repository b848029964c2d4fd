/** A GigE Vision camera by Aravis: Debian's simulated one, its pixel formats, triggers, lost packets, and a camera that freezes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { absent, fakeCamera } from '../../../../../test/support/sources.ts';
import { patience, until } from '../../../../../test/support/until.ts';
import { Type, Value } from '../../../../core/schema.ts';
import { decodePixels } from '../../../../data/image/decode.ts';
import { readImageHeader } from '../../../../data/image/header.ts';
import type { Inspection } from '../../../contract/inspections.ts';
import type { Source, SourceImage, SourceTools } from '../source.ts';
import { FrameCount } from './frame-count.ts';
import { checkGenicam, makeGenicam } from './genicam.ts';
import { pixelCodes, pixelFormatOf } from './pixel-codes.ts';
import { type GenicamSettings, genicamSettings } from './settings.ts';

/** What a source gives, in place of a station. */
function collector() {
  const images: SourceImage[] = [];
  const noted: (readonly [part: string | null, code: string])[] = [];
  const up = new Set<string>();
  const came: string[] = [];
  const tools: SourceTools = {
    name: 'top',
    folder: '/nowhere',
    atOnce: 1,
    isStopping: false,
    mostPixels: 1_000_000,
    counts: { decided: 0, notInspected: 0, repeated: 0, dropped: 0, restarts: 0 },
    room: () => () => undefined,
    came: (what) => void came.push(what),
    inspect: async (image) => {
      images.push(image);
      return { part: image.part, resultId: image.resultId } as Inspection;
    },
    inspectAll: async (all) => {
      images.push(...all);
      return { part: all[0]!.part, resultId: all[0]!.resultId } as Inspection;
    },
    note: async ({ part }, { code }) => void noted.push([part, code]),
    alarm: (about) => void up.add(about),
    over: (about) => void up.delete(about),
  };
  return { images, noted, up, came, tools };
}

const settingsOf = (change: Partial<GenicamSettings>): GenicamSettings =>
  Value.Default(Type.Object(genicamSettings), { camera: '127.0.0.1', ...change }) as GenicamSettings;

let source: Source | undefined;
async function open(change: Partial<GenicamSettings>) {
  const collected = collector();
  source = await makeGenicam(settingsOf(change), collected.tools);
  return { ...collected, source };
}

describe.skipIf(absent.genicam !== null)('a simulated GigE Vision camera', () => {
  let camera: Awaited<ReturnType<typeof fakeCamera>>;
  beforeAll(async () => {
    camera = await fakeCamera();
  });
  afterAll(async () => {
    await source?.close();
    await camera?.end();
  });

  it.each([
    ['Mono8', 1, Uint8Array],
    ['Mono16', 1, Uint16Array],
    ['BayerRG8', 3, Uint8Array],
    ['RGB8', 3, Uint8Array],
  ] as const)('gives frames of %s', async (pixelFormat, bands, kind) => {
    const { images, came, source: mine } = await open({ pixelFormat, take: 'all' });
    await until(() => images.length > 1, 'two frames');
    await mine.close();
    const [first, second] = images;
    expect(first!.resultId).not.toBe(second!.resultId);
    expect(came[0]).toMatch(/^frame \d+, exposed at \d+\.\d{4} s of its clock, for \d+ µs, gain \d+/);
    const image = await decodePixels(second!.bytes, 'frame');
    const { width, height, bands: found } = await readImageHeader(second!.bytes, 'frame', 1_000_000);
    expect([width, height, found]).toEqual([512, 512, bands]);
    expect(image.data).toBeInstanceOf(kind);
  });

  it('is asked for a frame by each trigger, and gives none without', async () => {
    const set = { triggerSource: 'Software', frameSeconds: 0, triggerMillis: 3000, latencyMillis: 0 };
    const { images, noted, source: mine } = await open(set);
    // until it has started a trigger finds nobody
    await until(() => mine.trigger!({ part: 'first', lot: null, product: null, recipe: null }).then(() => true, () => false), 'a frame'); // biome-ignore format: one line
    const before = images.length;
    for (const part of ['r1', 'r2']) await mine.trigger!({ part, lot: 'L', product: null, recipe: null });
    expect(images.slice(before).map(({ part, lot }) => [part, lot])).toEqual([['r1', 'L'], ['r2', 'L']]); // biome-ignore format: one line
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(images.length).toBe(before + 2);
    await mine.close();
    expect(noted.every(([part]) => part === 'first')).toBe(true);
  });

  it('is a line-scan camera: strips are joined in order, and cut into patches that overlap', async () => {
    const lines = { partLines: 1100, patchLines: 400, patchOverlap: 50, take: 'all' } as const;
    const { images, source: mine } = await open(lines);
    await until(() => images.length >= 6, 'two parts');
    await mine.close();
    const part = images.slice(0, 3);
    expect(part.map(({ view }) => view)).toEqual(['patch 1', 'patch 2', 'patch 3']);
    const [a, b, c] = await Promise.all(part.map(({ bytes }) => decodePixels(bytes, 'patch', { channels: 1 })));
    for (const one of [a, b, c]) expect([one!.width, one!.height]).toEqual([512, 400]);
    // the last fifty lines of a patch are the first of the next; the last patch ends with the part
    expect(a!.data.subarray(350 * 512)).toEqual(b!.data.subarray(0, 50 * 512));
    expect(b!.data.subarray(350 * 512)).toEqual(c!.data.subarray(0, 50 * 512));
    expect(new Set(images.map(({ resultId }) => resultId)).size).toBe(images.length);
  });

  it('freezes: an alarm in its window, and it is taken up again', async () => {
    const { images, up, tools, source: mine } = await open({ take: 'all', frameSeconds: 1 });
    await until(() => images.length > 0, 'a frame');
    camera.program.process!.kill('SIGSTOP');
    await until(() => up.has('camera') && mine.problem !== null, 'an alarm');
    camera.program.process!.kill('SIGCONT');
    const { length } = images;
    await until(() => images.length > length && up.size === 0, 'further frames');
    expect(tools.counts.restarts).toBeGreaterThan(0);
    await mine.close();
  });

  it('gives none of the frames of which packets were lost, and says so', async () => {
    await camera.end();
    camera = await fakeCamera(3);
    const { images, up, tools, source: mine } = await open({ take: 'all' });
    await until(() => up.has('frame') && images.length > 3, 'whole and damaged frames');
    await mine.close();
    expect(tools.counts.dropped).toBeGreaterThan(0);
    for (const { bytes } of images) expect((await decodePixels(bytes, 'frame')).width).toBe(512);
  });

  it('is found by its test, also while it is driven', async () => {
    const { images, source: mine } = await open({ take: 'all' });
    await until(() => images.length > 0, 'a frame');
    expect(await checkGenicam(settingsOf({}), AbortSignal.timeout(patience.condition))).toMatch(/^Aravis Fake .*Mono8/);
    await mine.close();
    await expect(
      checkGenicam(settingsOf({ camera: 'nobody' }), AbortSignal.timeout(patience.condition)),
    ).rejects.toMatchObject({
      code: 'SOURCE_LOST',
    });
  });
});

it('counts frames on where the camera begins anew, and says how many are missing', () => {
  const count = new FrameCount();
  const found = [65_530, 65_531, 65_534, 65_535, 1, 2, 5, 1, 2].map((id) => count.next(id));
  expect(found.map(({ id }) => id)).toEqual([1, 2, 5, 6, 7, 8, 11, 12, 13]);
  expect(found.map(({ lost }) => lost)).toEqual([0, 0, 2, 0, 0, 0, 2, 0, 0]);
});

it('has a number of its own for each pixel format', () => {
  const codes = Object.values(pixelCodes);
  expect(new Set(codes).size).toBe(codes.length);
  expect(pixelFormatOf(0x010c0047)).toBe('Mono12p');
  expect(pixelFormatOf(0x01080002)).toBeUndefined();
});
