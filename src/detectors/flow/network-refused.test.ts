/** What no flow can be built from, and the order that its seed draws. */
import { describe, expect, it } from 'vitest';
import { createGraph } from '../../engine/operators/table.ts';
import { DeclaredParameters } from '../../engine/parameters.ts';
import { type FlowConfig, flowPermutations } from './config.ts';
import { flowForward } from './network.ts';
import { featureInput } from './training.ts';

type Size = readonly [number, number];

const pyramid = ([h, w]: Size): Size[] => [1, 2, 4].map((step) => [Math.ceil(h / step), Math.ceil(w / step)]);

describe('what no flow can be built from', () => {
  const config: FlowConfig = { channels: 4, hidden: 4, kernels: [3], clamp: 3 };
  const permutations = flowPermutations(4, 1, 1);
  const build = (changes: Partial<FlowConfig>, order = permutations, sizes = pyramid([4, 4])) => {
    const graph = createGraph();
    const maps = sizes.map(([h, w], i) => graph.input(featureInput(i), [1, 4, h, w]));
    return () => flowForward(maps, new DeclaredParameters(graph, true), { ...config, ...changes }, order);
  };

  it('is refused as an option, saying which', () => {
    const code = expect.objectContaining({ code: 'OPTION_INVALID' });
    expect(build({})).not.toThrow();
    expect(build({ channels: 1 })).toThrow(code);
    expect(build({ hidden: 0 })).toThrow(code);
    expect(build({ kernels: [4] })).toThrow(/kernels are \[4\]/);
    expect(build({ clamp: 0 })).toThrow(code);
    expect(build({}, flowPermutations(4, 2, 1))).toThrow(/permutations/);
    expect(build({}, [[[0, 1, 2, 2], ...permutations[0]!.slice(1)]])).toThrow(/permutations/);
  });

  it('is refused as maps, saying what they are', () => {
    expect(
      build({}, permutations, [
        [4, 4],
        [2, 2],
        [2, 1],
      ]),
    ).toThrow(/half the sides.*\[1,4,2,1\]/);
  });
});

it('draws the same permutations from the same seed, and others from another', () => {
  expect(flowPermutations(16, 4, 7)).toEqual(flowPermutations(16, 4, 7));
  expect(flowPermutations(16, 4, 8)).not.toEqual(flowPermutations(16, 4, 7));
});
