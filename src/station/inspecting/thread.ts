/** Entry point of a thread that decodes, inspects and draws, so that the thread that answers requests stays free. */
import { constants, setPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import { readContent } from '../../bundle/content.ts';
import type { Tensor } from '../../core/tensor.ts';
import { decodeForView, decodeImage } from '../../data/image/decode.ts';
import { encodePng } from '../../data/image/encode.ts';
import { takePixels } from '../../data/image/intake.ts';
import { answerQuestions } from '../../engine/workers/questions.ts';
import { drawHeatMap, type MapRange } from '../../inspect/heat-map.ts';
import { Inspector } from '../../inspect/inspector.ts';
import { requireHonestFigures } from '../../jobs/claims.ts';
import type { ByteMap, Tasks, ThreadSettings } from './messages.ts';
import { OpenBundles } from './open-bundles.ts';

/** Beside the active recipe's bundle the one before it, and one that a request names. */
const OPEN = 3;

const { threads, device = 'cpu', background = false } = workerData as ThreadSettings;
// of this thread alone on Linux, where it computes with onnxruntime's one thread; elsewhere a process has one priority for all
if (background && process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW);
const bundles = new OpenBundles(OPEN, { threads, device });

function byteMap(map: Tensor, { low, high }: MapRange): ByteMap {
  const [height, width] = map.shape.slice(2) as [number, number];
  const scale = 255 / Math.max(high - low, 1e-12);
  // a clamped array rounds, and keeps to 0..255
  const data = Uint8ClampedArray.from(map.data, (v) => (v - low) * scale);
  return { width, height, data: new Uint8Array(data.buffer) };
}

answerQuestions<Tasks>(
  {
    open: async (bundle) => bundles.use(bundle, async () => null),

    check: async ({ directory }) => {
      const inspector = await Inspector.open(directory, { threads, device });
      await inspector.close();
      const { manifest, hash } = inspector;
      return { manifest, hash, recomputed: await requireHonestFigures(directory, manifest) };
    },

    model: async ({ directory, hash }) => new Uint8Array((await readContent(directory, hash)).model),

    inspect: async ({ bundle, bytes, maxPixels, limits }) => {
      return bundles.use(bundle, async (inspector) => {
        const image = await takePixels(bytes, 'the image', inspector.manifest.pixels, { maxPixels });
        const { decision, reason, score, map } = await inspector.inspectImage(image, 'the image', limits);
        const { width, height } = image;
        const drawn = byteMap(map, inspector.manifest.mapRange);
        return { decision, reason, score, width, height, map: drawn, bytes };
      });
    },

    draw: async ({ bytes, map, longest, maxPixels }) => {
      const image = await decodeForView(bytes, 'the image', { maxPixels, longest });
      const grey = await decodeImage(map, 'the map', { channels: 1 });
      const tensor = { shape: [1, 1, grey.height, grey.width], data: Float32Array.from(grey.data) };
      return new Uint8Array(await encodePng(drawHeatMap(image, tensor, { low: 0, high: 255 })));
    },

    end: async () => {
      await bundles.close();
      return null;
    },
  },
  (answer) => {
    const bytes = (answer as Partial<Tasks['inspect']['answer']> | null)?.bytes;
    return bytes ? [bytes.buffer] : [];
  },
);
