/** More good images for the places, without those that were learned from before: their states hold the moments of these. */
import { type NamedTensors, type Tensor, tensor } from '../../core/tensor.ts';
import { matMul, transpose } from '../../engine/builders.ts';
import { toOnnx } from '../../engine/onnx/writer.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { Session } from '../../engine/runtime/onnxruntime.ts';
import { firstColumns, leading, searchedFor } from './directions.ts';
import {
  asStates,
  directionsOf,
  emptyPlaces,
  momentsOf,
  type PlaceMoments,
  type PlaceTensors,
  restOf,
  setPlace,
} from './place-states.ts';

/** Graphs: rows (m, C) to their products (C, C), and covariance (C, C) times y (C, searched). */
async function sessions(m: number, c: number, searched: number) {
  const graph = createGraph();
  const rows = graph.input('rows', [m, c]);
  const products = await Session.create(toOnnx({ products: matMul(transpose(rows, [1, 0]), rows) }));
  const other = createGraph();
  const product = matMul(other.input('covariance', [c, c]), other.input('y', [c, searched]));
  return { products, product: await Session.create(toOnnx({ product })) };
}

/** Mean (C) of the vectors of place p in each of the images, (places, vectors, C). */
function meanOf(images: readonly Tensor[], p: number): Float32Array {
  const [, vectors, c] = images[0]!.shape as [number, number, number];
  const mean = new Float64Array(c);
  for (const { data } of images)
    for (let i = 0; i < vectors * c; i++) mean[i % c]! += data[p * vectors * c + i]! / (vectors * images.length);
  return Float32Array.from(mean);
}

/** Rows whose products are the covariance of old and new vectors of a place together, but for what all directions have alike. */
function rowsOf(
  known: PlaceMoments,
  images: readonly Tensor[],
  p: number,
  share: number,
  out: Float32Array,
): Float32Array {
  const [, vectors, c] = images[0]!.shape as [number, number, number];
  const more = meanOf(images, p);
  out.fill(0);
  let row = 0;
  const put = (weight: number, value: (k: number) => number): void => {
    for (let k = 0; k < c; k++) out[row * c + k] = weight * value(k);
    row++;
  };
  for (const { variance, direction } of known.found)
    put(Math.sqrt((1 - share) * Math.max(0, variance - known.rest)), (k) => direction[k]!);
  const each = Math.sqrt(share / (vectors * images.length));
  for (const { data } of images)
    for (let v = 0; v < vectors; v++) put(each, (k) => data[(p * vectors + v) * c + k]! - more[k]!);
  put(Math.sqrt(share * (1 - share)), (k) => more[k]! - known.mean[k]!);
  return known.mean.map((v, k) => v + share * (more[k]! - v));
}

/**
 * The places' states after more good images, each given as what is compared with the mean, (places, vectors of a place, C), beside so many
 * `images` of before. Exact while those were fewer than the directions that a place tells apart; of more, what their other directions had is
 * taken as alike in all of them.
 */
export async function addToPlaces(
  known: PlaceTensors,
  images: number,
  added: readonly Tensor[],
  onProgress?: (done: number, of: number) => void,
): Promise<NamedTensors> {
  const [places, vectors, c] = added[0]!.shape as [number, number, number];
  const share = added.length / (images + added.length);
  const spanned = Math.min(directionsOf(c), (images + added.length) * vectors - 1);
  const searched = searchedFor(spanned, c);
  const m = directionsOf(c) + added.length * vectors + 1;
  const seed = firstColumns(searched, c);
  const out = emptyPlaces(places, c);
  const { products, product } = await sessions(m, c, searched);
  const rows = tensor([m, c]);
  try {
    for (let p = 0; p < places; p++) {
      onProgress?.(p + 1, places);
      const own = momentsOf(known, p);
      if (!own) continue;
      const mean = rowsOf(own, added, p, share, rows.data);
      const covariance = (await products.run({ rows }))['products']!;
      for (let k = 0; k < c; k++) covariance.data[k * (c + 1)]! += (1 - share) * own.rest;
      const found = await leading(product, covariance, spanned, seed);
      setPlace(out, p, { mean, found, rest: restOf(covariance.data, c, found) });
    }
  } finally {
    await products.release();
    await product.release();
  }
  return asStates(out);
}
