/** Bundles for images of more than 8 bits: the range lies in the model, so that nothing is lost on any runtime. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { smallFlow, smallUnet } from '../../test/detectors.ts';
import { madeFacts } from '../../test/support/bundle.ts';
import { temporaryFolders } from '../../test/support/folder.ts';
import type { Intake } from '../data/image/intake.ts';
import type { Image } from '../data/image/raster.ts';
import { stateFrame } from '../data/image/raw/stated-frame.ts';
import { Inspector } from '../inspect/inspector.ts';
import { pixelFeed } from '../train/pixel-input.ts';
import { openBundle } from './open.ts';
import { exportModel, type TrainedDetector, writeBundle } from './write.ts';

const folder = temporaryFolders();
const [width, height] = [96, 64];
const intake: Intake = { sample: 'uint16', range: { low: 0, high: 4095 }, raw: `${width}x${height}:Mono12` };

/** A dim slope of 12 bits, two levels of which would be one in 8. */
function dim(step: (x: number, y: number) => number): Image<Uint16Array> {
  const data = Uint16Array.from({ length: width * height * 3 }, (_, i) => {
    const p = Math.floor(i / 3);
    return 1600 + 4 * Math.floor((p % width) / 8) + step(p % width, Math.floor(p / width));
  });
  return { width, height, channels: 3, data };
}

const plain = dim(() => 0);
const scratched = dim((x, y) => (y === 30 && x > 20 && x < 70 ? 7 : 0));

async function written(detector: TrainedDetector, name: 'flow' | 'unet'): Promise<string> {
  const directory = join(await folder(), name);
  await writeBundle(directory, { ...detector, intake }, [plain, scratched], { ...madeFacts(name), pixels: intake });
  return directory;
}

describe.each(['flow', 'unet'] as const)('a %s of 12 bits', (name) => {
  const detector = name === 'flow' ? smallFlow() : smallUnet();
  let bundle: string;
  beforeAll(async () => {
    bundle = await written(detector, name);
  });

  it('keeps its golden images at their depth, and replays them', async () => {
    expect((await readdir(join(bundle, 'golden'))).sort()).toEqual(['0.npy', '1.npy', 'outputs.safetensors']);
    const opened = await openBundle(bundle);
    expect(opened.manifest.pixels).toEqual(intake);
    await opened.close();
  });

  it('sees what 8 bits would not show', async () => {
    const shown = (image: Image<Uint16Array>): number[] => [...image.data].map((v) => v >> 4);
    const hidden = dim((x, y) => (y === 30 && x > 20 && x < 70 ? 3 : 0));
    expect(shown(hidden)).toEqual(shown(plain));
    const opened = await openBundle(bundle);
    const [a, b] = [await opened.detect(plain), await opened.detect(hidden)];
    expect(a.map.data).not.toEqual(b.map.data);
    await opened.close();
  });

  it("gives the same in a browser's runtime", async () => {
    const web = await import('onnxruntime-web');
    web.env.wasm.numThreads = 1;
    const session = await web.InferenceSession.create(exportModel({ ...detector, intake }), {
      executionProviders: ['wasm'],
    });
    const opened = await openBundle(bundle);
    const { shape, data } = pixelFeed(scratched, intake.range);
    const out = await session.run({ pixels: new web.Tensor('float32', data, shape) });
    const { score } = await opened.detect(scratched);
    expect(Math.abs((out['score']!.data as Float32Array)[0]! - score)).toBeLessThanOrEqual(
      1e-4 * Math.max(1, Math.abs(score)),
    );
    await opened.close();
    await session.release();
  });

  it('takes raw frames as it states them, and none of other bits', async () => {
    const inspector = await Inspector.open(bundle);
    const frame = Buffer.alloc(width * height * 2);
    for (let i = 0; i < width * height; i++) frame.writeUInt16LE(scratched.data[3 * i]!, 2 * i);
    const { score } = await inspector.inspectImage(scratched, 'it');
    const place = await folder();
    const at = async (name: string, bytes: Uint8Array): Promise<string> => {
      await writeFile(join(place, name), bytes);
      return join(place, name);
    };
    for (const name of ['a.raw', 'a.FRAME', 'a.bin'])
      expect((await inspector.inspect(await at(name, frame))).score).toBe(score);
    expect((await inspector.inspect(stateFrame(frame, intake.raw!))).score).toBe(score);
    // a damaged file as long as a frame is none
    for (const name of ['a.png', 'a.tif', 'a.heic', 'a.dat', 'a'])
      await expect(inspector.inspect(await at(name, frame))).rejects.toMatchObject({ code: 'IMAGE_FORMAT' });
    await expect(inspector.inspect(frame)).rejects.toMatchObject({ code: 'IMAGE_FORMAT' });
    await expect(inspector.inspect(frame, 'a.raw')).rejects.toMatchObject({ code: 'IMAGE_FORMAT' });
    // nor is a picture of another format in a file of a frame's name
    const png = Buffer.alloc(frame.length);
    png.write('\x89PNG\r\n\x1a\n', 'latin1');
    await expect(inspector.inspect(await at('b.raw', png))).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
    await inspector.close();
    const stating = await Inspector.open(bundle, { raw: intake.raw! });
    expect((await stating.inspect(frame)).score).toBe(score);
    await expect(stating.inspect(frame, 'a.bmp')).rejects.toMatchObject({ code: 'IMAGE_FORMAT' });
    await stating.close();
    const other = Inspector.open(bundle, { raw: `${width}x${height}:Mono10` });
    await expect(other).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });

  it('refuses images of another depth, and is refused what it is not for', async () => {
    const inspector = await Inspector.open(bundle);
    const eight: Image = { width, height, channels: 3, data: new Uint8Array(width * height * 3) };
    const float = { ...eight, data: new Float32Array(width * height * 3) };
    for (const image of [eight, float]) {
      await expect(inspector.inspectImage(image, 'it')).rejects.toMatchObject({ code: 'IMAGE_DEPTH' });
    }
    await inspector.close();
  });
});
