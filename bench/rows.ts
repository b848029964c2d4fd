/** The rows of the table: what is aimed at, and where its numbers come from. */
import type { Figure, Row } from './results.ts';

const own = (field: string): Figure => ({ side: 'own', of: (m) => m[field] });
const peer = (field: string): Figure => ({ side: 'peer', of: (m) => m[field] });

const beside = (title: string, task: string, field: string, least: number, because?: string): Row => ({
  title,
  task,
  ours: own(field),
  theirs: peer(field),
  unit: 'seconds',
  ratio: 'quicker',
  aim: { least },
  ...(because !== undefined && { because }),
});

const rate = (title: string, task: string, because?: string): Row => ({
  title,
  task,
  ours: own('inference_gflops'),
  theirs: own('sgemm_gflops'),
  unit: 'GFLOP/s',
  ratio: 'share',
  aim: { least: 0.75 },
  ...(because !== undefined && { because }),
});

const memory = (title: string, task: string, because?: string): Row => ({
  title,
  task,
  ours: own('train_peak_rss_mb'),
  theirs: peer('peak_rss_mb'),
  unit: 'MB',
  ratio: 'share',
  aim: { most: 1 },
  ...(because !== undefined && { because }),
});

export const rows: readonly Row[] = [
  beside('flow training step, hidden 128, 384 px, batch 16', 'flow', 'train_step_s', 1.2),
  beside('flow training step, hidden 1024, 768 px, batch 2', 'flow-paper', 'train_step_s', 1),
  beside('U-Net training step, base 32, 256 px, batch 8', 'unet', 'train_step_s', 1.3),
  beside('features of EfficientNet-B0, three scales, 384 px', 'b0', 'inference_s', 5),
  beside('features of EfficientNet-B5, three scales, 768 px', 'b5', 'inference_s', 2.8),
  {
    title: 'image file to decision and map, default presets: flow against U-Net',
    task: 'decision',
    ours: own('flow_s'),
    theirs: own('unet_s'),
    unit: 'seconds',
    ratio: 'share',
    aim: { most: 0.5 },
  },
  beside('flow inference, hidden 128, 384 px, one image', 'flow', 'inference_s', 3),
  beside('U-Net inference, base 32, one 256 px patch', 'unet', 'inference_s', 2),
  rate('arithmetic of flow inference against matrix products', 'flow'),
  rate('arithmetic of U-Net inference against matrix products', 'unet'),
  {
    title: '8-bit inference against float',
    ours: own('eight_bit_s'),
    theirs: own('float_s'),
    unit: 'seconds',
    ratio: 'quicker',
    aim: { least: 1.8 },
    because: 'Not built: there is no `felfri quantize` yet.',
  },
  {
    title: 'process start to the first decision, default flow',
    task: 'start',
    ours: own('first_decision_s'),
    unit: 'seconds',
    ratio: 'itself',
    aim: { most: 1 },
  },
  memory('memory of flow training, hidden 128, 384 px, batch 16', 'flow'),
  memory('memory of U-Net training, base 32, 256 px, batch 8', 'unet'),
  {
    title: 'decisions over a folder against what the cores allow',
    task: 'folder',
    ours: own('parts_per_minute'),
    theirs: own('ideal_per_minute'),
    unit: 'parts a minute',
    ratio: 'share',
    aim: { least: 0.9 },
  },
  {
    title: 'time against pixels, 128 to 2,048 px: exponent',
    task: 'pixels',
    ours: own('exponent'),
    unit: 'none',
    ratio: 'itself',
    aim: { most: 1.05 },
  },
  {
    title: 'time an image against batch, 1 to 64: largest over that of batch 1',
    task: 'batch',
    ours: own('growth'),
    unit: 'none',
    ratio: 'itself',
    aim: { most: 1.05 },
  },
];
