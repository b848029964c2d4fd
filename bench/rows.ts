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
  beside(
    'flow training step, hidden 128, 384 px, batch 16',
    'flow',
    'train_step_s',
    1.2,
    'By operator, one thread: products at the points of the tiles 0.45 of 0.74 s, transposes 0.11, strided input gradients 0.07, Adam 0.06. ' +
      'Next: keep whole couplings with positions first, so that maps are turned once and not at each convolution.',
  ),
  beside(
    'flow training step, hidden 1024, 768 px, batch 2',
    'flow-paper',
    'train_step_s',
    1,
    'Bound by memory: with two images the kernels at the points, up to four times the weights (1.1 GB), are written and read for ' +
      'few tiles. Made again for the way back, they take 1.3 GB less of 7.9, but no less time. Next: smaller tiles where a map has few of them.',
  ),
  beside(
    'U-Net training step, base 32, 256 px, batch 8',
    'unet',
    'train_step_s',
    1.3,
    'Deep levels go by tiles; on the wide ones, where that is slower, onnxruntime convolves weights that are inputs at 80 to 100 GFLOP/s ' +
      '(constant ones at 172), and weight gradients and batch normalisation pass over maps of 67 MB many times: 2.6 of 7.2 s on one thread. ' +
      'Next: strips of a map that stay in the cache, and maxima without positions.',
  ),
  beside(
    'features of EfficientNet-B0, three scales, 384 px',
    'b0',
    'inference_s',
    5,
    'On one thread the ratio is 3.4 and on two quiet ones it was 5.4: PyTorch gains nothing from the second thread on maps as small as these. ' +
      'Depthwise convolutions and squeezes have little arithmetic for their passes over the maps. Next: the two smaller scales on one thread while ' +
      'the other computes the largest.',
  ),
  beside('features of EfficientNet-B5, three scales, 768 px', 'b5', 'inference_s', 2.8),
  {
    title: 'image file to decision and map, default presets: flow against U-Net',
    task: 'decision',
    ours: own('flow_s'),
    theirs: own('unet_s'),
    unit: 'seconds',
    ratio: 'share',
    aim: { most: 0.5 },
    because:
      'Of the default flow, one thread: convolutions 0.7 of the time, a fifth of them the filters of the backbone on the image itself, ' +
      'elementwise a tenth, blocked layouts of 17 and 33 channels made and unmade a twentieth. Enlarging by Resize in place of ' +
      'matrix products made it 1.09 times as fast. Next: the filters as two passes of one axis each, and halves of a multiple of 16 channels.',
  },
  beside(
    'flow inference, hidden 128, 384 px, one image',
    'flow',
    'inference_s',
    3,
    'Convolutions are 23.6 of 26.2 ms on one thread: 124 to 145 GFLOP/s on maps of 12 x 12, 96 on 6 x 6, as each of the 87 MB of weights is ' +
      'read for few positions. By tiles, with constant kernels at the points, it was not faster (30 ms): they are two to four times as ' +
      'large. Next: 8-bit weights.',
  ),
  beside(
    'U-Net inference, base 32, one 256 px patch',
    'unet',
    'inference_s',
    2,
    'Convolutions are 144 of 160 ms on one thread, at 172 GFLOP/s, which is what matrix products reach. Only less arithmetic is left: ' +
      'tiles in the deep levels, or 8 bits.',
  ),
  rate(
    'arithmetic of flow inference against matrix products',
    'flow',
    'As of the flow above: 87 MB of weights are read for each image, and the small maps give each of them little to do. Several images ' +
      'at once would share the reading.',
  ),
  rate(
    'arithmetic of U-Net inference against matrix products',
    'unet',
    'Alone on a thread it is 0.9: convolutions at 172 GFLOP/s, and a tenth of the time for moving places and layouts. The best rate is taken ' +
      'over a second of products, so other work that slows the network down lowers the share.',
  ),
  {
    title: '8-bit inference against float: U-Net, base 32, 256 px',
    task: 'eight-bit',
    ours: own('eight_bit_s'),
    theirs: own('float_s'),
    unit: 'seconds',
    ratio: 'quicker',
    aim: { least: 1.8 },
    because:
      'It depends on the processor: with 8-bit dot products (AVX-512 VNNI) a U-Net of base 16 was 1.85 times as fast (docs/experiments.md), with ' +
      'AVX2 alone this one is 1.4 times, since each product of bytes takes two instructions more there. Next: the transposed convolutions ' +
      'and the last level, which stay in float.',
  },
  {
    title: '8-bit inference: AUROC beside that of float, difference',
    task: 'eight-bit',
    ours: own('auroc_difference'),
    unit: 'AUROC',
    ratio: 'itself',
    aim: { most: 0.003 },
  },
  {
    title: 'process start to the first decision, default flow',
    task: 'start',
    ours: own('first_decision_s'),
    unit: 'seconds',
    ratio: 'itself',
    aim: { most: 1 },
    because:
      'By phase on an AMD EPYC: node 0.13 s, the program 0.07, opening the bundle 0.53 (the model as a session 0.24 of them, the rest shapes, hashes ' +
      'and two golden images), the image 0.05. Next: the golden images while nothing waits for them.',
  },
  memory(
    'memory of flow training, hidden 128, 384 px, batch 16',
    'flow',
    'Kernels at the points are made again on the way back (1,116 to 998 MB on one thread). Of what is left 332 MB are weights, moments and ' +
      'gradients, 83 the gradients as onnxruntime holds them, 257 what the graph needs at once, 180 the process with its session, 150 unused in ' +
      "the arena's blocks. Next: gradients that the optimiser reads where onnxruntime wrote them.",
  ),
  memory(
    'memory of U-Net training, base 32, 256 px, batch 8',
    'unet',
    'Weight gradients of the widest maps hold three moved copies of the upstream gradient, and batch normalisation keeps centred maps beside ' +
      'its outputs. Next: an image at a time, summed.',
  ),
  {
    title: 'decisions over a folder against what the cores allow',
    task: 'folder',
    ours: own('parts_per_minute'),
    theirs: own('ideal_per_minute'),
    unit: 'parts a minute',
    ratio: 'share',
    aim: { least: 0.9 },
    because:
      'Both cores are busy, 1.95 of 2 on an AMD EPYC. An image takes 55 ms of them, the 3 of the main thread that hands over and puts in order among ' +
      'these; a detection beside another takes 54 ms, alone 50, by which the ideal is reckoned. Next: less to compute for an image.',
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
    because:
      'Maps of one image stay within the second cache (2 MB a core), those of a batch do not; a bundle therefore takes images one by one.',
  },
];
