import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { Random } from '../../core/random.ts';
import { type NamedTensors, type Tensor, tensor } from '../../core/tensor.ts';
import { decodeModel, encodeModel } from '../../engine/onnx/schema.ts';
import { comparedWith, stateOf, withOutputs, withStates } from '../../engine/onnx/states.ts';
import { toOnnx } from '../../engine/onnx/writer.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { FixedParameters } from '../../engine/parameters.ts';
import { Session } from '../../engine/runtime/onnxruntime.ts';
import { addGood, type ClosedForms } from './add-good.ts';
import { estimatePlaces, toPlace } from './place.ts';
import { comparedPlaces } from './place-states.ts';
import { estimatePrincipal, toPrincipal } from './principal.ts';
import { comparedWhole, estimateWhole, wholeTexture } from './whole.ts';

const [h, w] = [4, 4];

/** Maps whose positions and channels differ; later ones lie elsewhere and are stronger. */
function maps(c: number, n: number, seed: number, level: number): Tensor[] {
  const places = Random.of(1, 'places');
  const means = Array.from({ length: c * h * w }, () => 3 * places.normal());
  const random = Random.of(seed, 'maps');
  return Array.from({ length: n }, () =>
    tensor(
      [c, h, w],
      means.map((m, i) => m + level + (1 + level + (i % c)) * random.normal()),
    ),
  );
}

/** What a bundle's model holds of both closed forms, for maps in place of pixels. */
function modelOf(c: number, start: NamedTensors, views: NamedTensors) {
  const graph = createGraph();
  const p = new FixedParameters(graph, new Map([...start, ...views]));
  const { all } = toPrincipal(graph.input('x', [1, c, h, w]), c, p);
  return decodeModel(toOnnx({ place: toPlace(all, p), whole: wholeTexture(all, p) }));
}

type Model = ReturnType<typeof modelOf>;

async function outputsOf(model: Model, images: readonly Tensor[]): Promise<Record<string, Tensor>[]> {
  const session = await Session.create(encodeModel(model));
  const all: Record<string, Tensor>[] = [];
  try {
    for (const { shape, data } of images) {
      const out = await session.run({ x: { shape: [1, ...shape], data } });
      all.push(Object.fromEntries(Object.entries(out).map(([k, t]) => [k, tensor(t.shape, [...t.data])])));
    }
  } finally {
    await session.release();
  }
  return all;
}

describe('good images added to a model', () => {
  // beyond 64 images of so many channels, directions that a place does not tell apart are taken as alike
  it.each([
    [6, 30, 20],
    [80, 12, 9],
  ])('give what all of them together give, of %i channels, %i images and %i more', async (c, before, more) => {
    const [former, added] = [maps(c, before, 2, 0), maps(c, more, 3, 1)];
    const start = await estimatePrincipal(former);
    const viewsOf = async (images: readonly Tensor[]): Promise<NamedTensors> =>
      new Map([...(await estimatePlaces(images, start)), ...(await estimateWhole(images, start))]);
    const model = modelOf(c, start, await viewsOf(former));
    const [place, whole] = [comparedPlaces, comparedWhole].map((name) => comparedWith(model, name)!) as [
      string,
      string,
    ];
    const seen = await outputsOf(withOutputs(model, [place, whole]), added);
    const forms: ClosedForms = { place, whole, parts: '', sizes: [], images: before };
    const states = await addGood(
      model,
      forms,
      seen.map((found) => ({ place: found[place]!, whole: found[whole]! })),
    );
    const changed = withStates(model, states);
    const anew = modelOf(c, start, await viewsOf([...former, ...added]));
    const judged = maps(c, 3, 5, 2);
    const [own, all] = [await outputsOf(changed, judged), await outputsOf(anew, judged)];
    const [former1] = await outputsOf(model, judged);
    for (const [i, { place: p, whole: t }] of all.entries()) {
      expectClose([...own[i]!['place']!.data], [...p!.data], 'place', { relative: 2e-3, absolute: 2e-3 });
      expectClose([...own[i]!['whole']!.data], [...t!.data], 'whole', { relative: 2e-3 });
    }
    // they do change: what was odd is less so
    expect(own[0]!['whole']!.data[0]).toBeLessThan(0.9 * former1!['whole']!.data[0]!);
  });

  it('need states that a model keeps by name', async () => {
    const images = maps(3, 4, 2, 0);
    const start = await estimatePrincipal(images);
    const model = modelOf(
      3,
      start,
      new Map([...(await estimatePlaces(images, start)), ...(await estimateWhole(images, start))]),
    );
    expect(stateOf(model, comparedPlaces)!.shape).toEqual([16, 1, 3]);
    const nameless = {
      ...model,
      graph: { ...model.graph, initializer: model.graph.initializer.map((t, i) => ({ ...t, name: `c${i}` })) },
    };
    expect(stateOf(nameless, comparedPlaces)).toBeUndefined();
  });
});
