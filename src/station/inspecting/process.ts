/** Entry point of a process that decodes, inspects and draws, so that the one that answers requests stays free, and stays. */
import { requireSameModel } from '../../bundle/content.ts';
import type { Tensor } from '../../core/tensor.ts';
import { decodeForView, decodeImage } from '../../data/image/decode.ts';
import { encodePng, encodePreview } from '../../data/image/encode.ts';
import { takePixels } from '../../data/image/intake.ts';
import { pictureStatistics } from '../../data/image/picture-statistics.ts';
import { toEightBits } from '../../data/image/value-range.ts';
import { maskEmpty, maskOfBytes } from '../../data/masks/read.ts';
import { encodeMask } from '../../data/masks/write.ts';
import { endBeyond } from '../../engine/workers/memory-limit.ts';
import { answerQuestions } from '../../engine/workers/questions.ts';
import { processData } from '../../engine/workers/start.ts';
import { tidyAfter } from '../../engine/workers/tidy.ts';
import { drawHeatMap, type MapRange, type MapScale } from '../../inspect/heat-map.ts';
import { Inspector } from '../../inspect/inspector.ts';
import { levelBytes, levelsOf } from '../../inspect/level-map.ts';
import { mapScaleOf } from '../../inspect/map-scale.ts';
import { stamped } from '../../inspect/stamp.ts';
import { requireHonestFigures } from '../../jobs/judge/claims.ts';
import { isByThreshold } from '../pictures/byte-map-png.ts';
import type { ByteMap, ComputingSettings, Tasks } from './messages.ts';
import { OpenBundles } from './open-bundles.ts';

/** Of a kept map that does not go by the threshold. */
const BYTES: MapRange = { low: 0, high: 255 };

/** Beside the bundles of recipes in use: two that are replayed, or that images name; one beyond is opened when it is used. */
const BESIDE = 2;

const { threads, device = 'cpu', mostBytes } = processData<ComputingSettings>();
if (mostBytes !== undefined) endBeyond(mostBytes);
const bundles = new OpenBundles(BESIDE, { threads, device, returnsMemory: true });

function byteMap(map: Tensor, scale: MapScale): ByteMap {
  const [height, width] = map.shape.slice(2) as [number, number];
  if ('threshold' in scale) return { width, height, data: levelBytes(map, scale.threshold), byThreshold: true };
  return { width, height, data: bytesWithin(map, scale), byThreshold: false };
}

function bytesWithin(map: Tensor, { low, high }: MapRange): ByteMap['data'] {
  const scale = 255 / Math.max(high - low, 1e-12);
  // a clamped array rounds, and keeps to 0..255
  const data = Uint8ClampedArray.from(map.data, (v) => (v - low) * scale);
  return new Uint8Array(data.buffer);
}

answerQuestions<Tasks>({
  open: async ({ isKept, ...bundle }) => {
    if (isKept) bundles.keepAlso(bundle.directory);
    return bundles.use(bundle, async () => process.memoryUsage.rss());
  },

  keep: async ({ directories }) => {
    await bundles.keepOnly(directories);
    // what the model was read and prepared in is no part of what it takes at rest
    globalThis.gc?.();
    return process.memoryUsage.rss();
  },

  check: async ({ directory }) => {
    const inspector = await Inspector.open(directory, { threads, device });
    await inspector.close();
    const { manifest, hash } = inspector;
    return { manifest, hash, recomputed: await requireHonestFigures(directory, manifest) };
  },

  model: async ({ directory, hash }) => {
    await requireSameModel(directory, hash);
  },

  inspect: async ({ bundle, bytes, maxPixels, limits }) => {
    return bundles.use(bundle, async (inspector) => {
      const image = await takePixels(bytes, 'the image', inspector.manifest.pixels, { maxPixels });
      const inspection = await inspector.inspectImage(image, 'the image', limits);
      const { decision, reason, score, map } = inspection;
      const { width, height } = image;
      const statistics = pictureStatistics(toEightBits(image, inspector.manifest.pixels?.range));
      tidyAfter(image.data.byteLength);
      const drawn = byteMap(map, mapScaleOf(inspector.manifest, inspection));
      return { decision, reason, score, width, height, map: drawn, statistics };
    });
  },

  size: async ({ bytes, maxPixels }) => {
    const { width, height, data } = await decodeForView(bytes, 'the image', { maxPixels });
    tidyAfter(data.byteLength);
    return { width, height };
  },

  mask: async ({ bytes, width, height, maxPixels }) => {
    const { pixels, count } = await maskOfBytes(bytes, 'the mask', { width, height }, { maxPixels });
    if (count === 0) throw maskEmpty('the mask');
    return new Uint8Array(await encodeMask({ width, height, pixels }));
  },

  view: async ({ bytes, longest, maxPixels, exact }) =>
    encodePreview(await decodeForView(bytes, 'the image', { maxPixels, longest }), longest, exact),

  draw: async ({ bytes, map, longest, maxPixels, stamp, isStamped, regions }) => {
    const image = await decodeForView(bytes, 'the image', { maxPixels, longest });
    const grey = await decodeImage(map, 'the map', { channels: 1 });
    const shape = [1, 1, grey.height, grey.width];
    const mapUnit = isByThreshold(map) ? 'score' : null;
    const scale = mapScaleOf({ mapRange: BYTES, mapUnit }, stamp);
    // bytes say how many times the threshold each place is
    const times = 'threshold' in scale ? { ...scale, threshold: 1, outline: scale.outline / scale.threshold } : scale;
    const tensor = { shape, data: 'threshold' in scale ? levelsOf(grey.data) : Float32Array.from(grey.data) };
    const drawn = drawHeatMap(image, tensor, { ...times, ...(regions && { regions }) });
    const png = await encodePng(isStamped ? stamped(drawn, stamp, 'threshold' in scale) : drawn);
    tidyAfter(image.data.byteLength);
    return new Uint8Array(png);
  },

  ping: async () => undefined,

  end: () => bundles.close(),
});
