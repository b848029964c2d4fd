/**
 * What each place of the picture looks like on good parts: a Gaussian of its own for every position of the feature map, as in
 * PaDiM (Defard et al., 2021), in the principal directions of principal.ts and of low rank. On large maps a few neighbouring positions
 * share one, so that neither the model nor its estimation grows with the canvas. Where parts lie alike in every picture it
 * sees what a flow, which knows no places, cannot; the shrinkage lets it fall back to the pooled covariance where they do not.
 */
import { type NamedTensors, type Tensor, tensor } from '../../core/tensor.ts';
import { add, div, matMul, mul, reduceMean, reshape, sub, transpose } from '../../engine/builders.ts';
import type { Value } from '../../engine/graph.ts';
import { toOnnx } from '../../engine/onnx/writer.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { FixedParameters, type Parameters } from '../../engine/parameters.ts';
import { Session } from '../../engine/runtime/onnxruntime.ts';
import { firstColumns, leading, searchedFor } from './directions.ts';
import { asStates, directionsOf, emptyPlaces, placeName, restOf, setPlace } from './place-states.ts';
import { toPrincipal } from './principal.ts';

/** Vectors that are enough for the moments of a place; of more images some are left aside. */
const MOST_VECTORS = 1000;

/** Numbers of all bases together from which on positions share a place: 32 MB. */
const MOST_NUMBERS = 8e6;

/** How many positions, downward and across, share a place. */
interface PlaceSize {
  readonly tall: number;
  readonly wide: number;
}

/** The smallest places by which all bases stay within their bound; the sides of the map are divided by powers of 2 as far as that goes. */
export function placeSize(channels: number, height: number, width: number): PlaceSize {
  const most = MOST_NUMBERS / (channels * directionsOf(channels));
  let [tall, wide] = [1, 1];
  while ((height / tall) * (width / wide) > most) {
    const across = (width / wide) % 2 === 0 && (width / wide >= height / tall || (height / tall) % 2 !== 0);
    if (!across && (height / tall) % 2 !== 0) break;
    if (across) wide *= 2;
    else tall *= 2;
  }
  return { tall, wide };
}

/** Graphs for one place: its vectors (n, C) of all images to mean (C) and covariance (C, C), and covariance times y (C, m). */
async function sessions(start: NamedTensors, n: number, c: number, m: number) {
  const graph = createGraph();
  const x = graph.input('x', [n, c, 1, 1]);
  const { kept } = toPrincipal(x, c, new FixedParameters(graph, start));
  const z = reshape(kept, [n, c]);
  const mean = reduceMean(z, [0], true);
  const centred = sub(z, mean);
  const moments = await Session.create(
    toOnnx({ mean, covariance: div(matMul(transpose(centred, [1, 0]), centred), n) }),
  );
  const other = createGraph();
  const product = matMul(other.input('covariance', [c, c]), other.input('y', [c, m]));
  return { moments, product: await Session.create(toOnnx({ product })) };
}

interface PlaceOptions {
  /** Hears places done and all. */
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
  readonly size?: PlaceSize;
  /** Row-major, 0 at positions that are not judged: nothing is learned of them. */
  readonly cells?: Float32Array | undefined;
}

/** Positions of a place that are judged. */
function positionsOf(p: number, [, w]: readonly [number, number], { tall, wide }: PlaceSize, cells?: Float32Array) {
  const [top, left] = [Math.floor(p / (w / wide)) * tall, (p % (w / wide)) * wide];
  const all = Array.from({ length: tall * wide }, (_, i) => (top + Math.floor(i / wide)) * w + left + (i % wide));
  return cells ? all.filter((at) => cells[at]! > 0) : all;
}

/**
 * The tensors of `toPlace`, from feature maps (C, h, w) of good images and the start that estimatePrincipal gave.
 */
export async function estimatePlaces(
  all: readonly Tensor[],
  start: NamedTensors,
  { onProgress, size, cells }: PlaceOptions = {},
): Promise<NamedTensors> {
  const [c, h, w] = all[0]!.shape as [number, number, number];
  const { tall, wide } = size ?? placeSize(c, h, w);
  const every = Math.ceil((all.length * tall * wide) / MOST_VECTORS);
  const maps = all.filter((_, i) => i % every === 0);
  const [n, places] = [maps.length * tall * wide, (h / tall) * (w / wide)];
  const rank = directionsOf(c);
  // a few images span few directions; what is left of the basis stays 0
  const spanned = Math.min(rank, n - 1);
  // no more than that need be searched for
  const searched = searchedFor(spanned, c);
  const seed = firstColumns(searched, c);
  const out = emptyPlaces(places, c);
  const { moments, product } = await sessions(start, n, c, searched);
  try {
    const x = tensor([n, c, 1, 1]);
    for (let p = 0; p < places; p++) {
      const positions = positionsOf(p, [h, w], { tall, wide }, cells);
      onProgress?.(p + 1, places);
      if (positions.length === 0) continue;
      let row = 0;
      for (const { data } of maps) {
        for (let i = 0; i < tall * wide; i++, row++) {
          // in turn, where some of them are left out
          const at = positions[i % positions.length]!;
          for (let k = 0; k < c; k++) x.data[row * c + k] = data[k * h * w + at]!;
        }
      }
      const { mean, covariance } = await moments.run({ x });
      const found = await leading(product, covariance!, spanned, seed);
      setPlace(out, p, { mean: mean!.data, found, rest: restOf(covariance!.data, c, found) });
    }
  } finally {
    await moments.release();
    await product.release();
  }
  return asStates(out);
}

const zero = { fill: 0 };

/**
 * A map (N, C, h, w) in principal directions to one of the same shape in which every place of good images has mean 0 and about
 * variance 1 in every direction: the inverse square root of its covariance, so that directions keep their meaning.
 */
export function toPlace(map: Value, p: Parameters, size?: PlaceSize): Value {
  const [n, c, h, w] = map.shape as [number, number, number, number];
  const { tall, wide } = size ?? placeSize(c, h, w);
  const [rows, columns] = [h / tall, w / wide];
  const places = rows * columns;
  const rank = directionsOf(c);
  const basis = p.state(placeName.basis, [places, c, rank], zero);
  // (N, C, rows, tall, columns, wide) to one matrix of row vectors for each place
  const byPlace =
    places === h * w
      ? transpose(reshape(map, [n, c, places]), [2, 0, 1])
      : reshape(transpose(reshape(map, [n, c, rows, tall, columns, wide]), [2, 4, 0, 3, 5, 1]), [
          places,
          n * tall * wide,
          c,
        ]);
  const centred = sub(byPlace, p.state(placeName.mean, [places, 1, c], zero));
  const along = mul(matMul(centred, basis), p.state(placeName.gain, [places, 1, rank], zero));
  const whitened = add(centred, matMul(along, transpose(basis, [0, 2, 1])));
  const scaled = mul(whitened, p.state(placeName.scale, [places, 1, 1], { fill: 1 }));
  if (places === h * w) return reshape(transpose(scaled, [1, 2, 0]), [n, c, h, w]);
  const apart = reshape(scaled, [rows, columns, n, tall, wide, c]);
  return reshape(transpose(apart, [2, 5, 0, 3, 1, 4]), [n, c, h, w]);
}
