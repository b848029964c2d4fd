import { expect, it } from 'vitest';
import { maximumOfFinite, zeroIfFinite } from './functions.ts';
import { toOnnx } from './onnx/writer.ts';
import { createGraph } from './operators/table.ts';
import { Session } from './runtime/onnxruntime.ts';

it('a maximum of finite values is exact, and one of others is NaN wherever they stand', async () => {
  const graph = createGraph();
  const x = graph.input('x', [1, 1, 4, 5]);
  const session = await Session.create(toOnnx({ maximum: maximumOfFinite(x), zero: zeroIfFinite(x, [2, 3]) }));
  const run = async (data: Float32Array<ArrayBuffer>) => {
    const { maximum, zero } = await session.run({ x: { shape: [1, 1, 4, 5], data } });
    return [maximum!.data[0], zero!.data[0]];
  };
  const values = Float32Array.from({ length: 20 }, (_, i) => Math.sin(i) * 1e6);
  expect(await run(values)).toEqual([Math.max(...values), 0]);
  for (let at = 0; at < 20; at++) {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const broken = Float32Array.from(values);
      broken[at] = bad;
      expect(await run(broken), `${bad} at ${at}`).toEqual([Number.NaN, Number.NaN]);
    }
  }
  await session.release();
});
