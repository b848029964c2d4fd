/** One image through a bundle's model, or through the graph that it was made from. */
import { FelfriError } from '../core/errors.ts';
import { type Intake, requireDepth } from '../data/image/intake.ts';
import type { Image, Pixels } from '../data/image/raster.ts';
import { type DetectorName, detectors } from '../detectors/table.ts';
import type { Fetches, Runner } from '../engine/runtime/onnxruntime.ts';
import { requireFinite } from '../judge/verdict.ts';
import { pixelFeed } from '../train/pixel-input.ts';
import type { DetectorOutput } from './golden.ts';
import { viewsIn } from './views.ts';

type Output = Fetches[string];

/** Throws OPTION_INVALID unless the pixels are those of an RGB image of that size, which onnxruntime would say in its own words. */
function requireRgb({ width, height, channels, data }: Image<Pixels>): void {
  if (channels === 3 && width > 0 && height > 0 && data.length === width * height * 3) return;
  throw new FelfriError(
    'OPTION_INVALID',
    `got an image of ${width} x ${height} pixels, ${channels} channels and ${data.length} values; legal are 3 channels (RGB) and width x height x 3 values: decodeImage and readImage give them`,
    { subject: 'image' },
  );
}

/** Throws SCORE_INVALID unless a model gave one score and one map, which only a model from elsewhere does not. */
function requireForm(score: Output, map: Output): void {
  const [n, channels, height = 0, width = 0] = map.shape;
  const plane = map.shape.length === 4 && n === 1 && channels === 1 && height > 0 && width > 0;
  if (plane && score.data.length === 1) return;
  throw new FelfriError(
    'SCORE_INVALID',
    `the model gave ${score.data.length} scores and a map of shape [${map.shape}]; legal are one score and a map (1, 1, height, width)`,
  );
}

export interface DetectOptions {
  /** Weights, where the graph has them as inputs. */
  readonly weights?: Parameters<Runner['run']>[0];
  readonly detector?: DetectorName;
  /** The bundle's; none is 8 bits. */
  readonly intake?: Intake | undefined;
}

/**
 * Runs a bundle's model, or the graph that it was made from, on one RGB image. Throws SCORE_INVALID when score, parts or map are not finite or of another form:
 * the map is looked at as it is, since onnxruntime's maximum of it passes over a NaN. Throws IMAGE_DEPTH for an image of another depth.
 */
export async function detect(
  runner: Runner,
  image: Image<Pixels>,
  { weights = {}, detector = 'flow', intake }: DetectOptions = {},
): Promise<DetectorOutput> {
  const own = detectors[detector].parts;
  requireRgb(image);
  requireDepth(image, intake, 'the image');
  const pixels = pixelFeed(image, intake?.range);
  // values that were made for this run alone are moved, not copied
  const handOver = pixels.data.buffer === image.data.buffer ? [] : [pixels.data.buffer];
  // all of its outputs: whether it says what its views found is seen then
  const outputs = await runner.run({ ...weights, pixels }, undefined, handOver);
  const { score, map } = outputs;
  requireForm(score!, map!);
  const [flow, unet] = own.map((name) => outputs[name]?.data[0]);
  const parts = flow !== undefined && unet !== undefined ? { flow, unet } : null;
  const views = viewsIn((name) => outputs[name]);
  const found = { score: score!.data[0]!, map: map!, ...(parts && { parts }), ...(views && { views }) };
  requireFinite({ ...found, map: found.map.data, parts });
  return found;
}
