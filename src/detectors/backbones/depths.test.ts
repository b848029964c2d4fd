import { expect, it } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { runGraph } from '../../engine/run-graph.ts';
import { gatherDepths } from './depths.ts';

it('averages finer maps, enlarges coarser ones and puts all side by side', async () => {
  const graph = createGraph();
  const fine = graph.input('fine', [1, 1, 4, 4]);
  const same = graph.input('same', [1, 1, 2, 2]);
  const coarse = graph.input('coarse', [1, 1, 1, 1]);
  const { y } = await runGraph(
    { y: gatherDepths([fine, same, coarse], 2, 2) },
    {
      fine: tensor(
        [1, 1, 4, 4],
        Array.from({ length: 16 }, (_, i) => i),
      ),
      same: tensor([1, 1, 2, 2], [1, 2, 3, 4]),
      coarse: tensor([1, 1, 1, 1], [7]),
    },
  );
  expect(y!.shape).toEqual([1, 3, 2, 2]);
  expect([...y!.data]).toEqual([2.5, 4.5, 10.5, 12.5, 1, 2, 3, 4, 7, 7, 7, 7]);
});
