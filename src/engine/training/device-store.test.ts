import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { Random } from '../../core/random.ts';
import { type NamedTensors, sizeOf, type Tensor } from '../../core/tensor.ts';
import { add, matMul, mul, reduceMean, reshape, square, sub } from '../builders.ts';
import { initialTensors } from '../parameters.ts';
import { type Feeds, Session } from '../runtime/onnxruntime.ts';
import type { AdamOptions } from './adam-rule.ts';
import { DeviceStore, keptOf } from './device-store.ts';
import { ProcessorStore } from './processor-store.ts';
import { compileTraining, outputName } from './program.ts';
import { groups, type Store } from './store.ts';

/** The processor keeps plain arrays; what cards keep is tried in test/devices.test.ts. */
const settings = { device: 'cpu', threads: 1 } as const;
const adam: AdamOptions = { beta1: 0.9, beta2: 0.99, epsilon: 1e-3, weightDecay: 0.1, clipNorm: 0.5 };

/** A weight whose gradient is reshaped last, so that it comes without its shape; a state that changes, one that does not. */
const program = compileTraining({
  step: (graph, p) => {
    const seen = p.state('seen', [1], { fill: 0 });
    p.update('seen', add(seen, 1));
    const w = reshape(p.get('w', [1, 3, 2], { normal: 1 }), [3, 2]);
    const y = mul(
      add(matMul(graph.input('x', [4, 3]), w), p.get('b', [2], { fill: 0 })),
      p.state('gain', [2], { fill: 2 }),
    );
    return { loss: reduceMean(square(sub(y, graph.input('target', [4, 2])))) };
  },
});
const random = Random.of(7, 'device store');
const normal = (...shape: number[]): Tensor => ({
  shape,
  data: Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
});
const batch: Feeds = { x: normal(4, 3), target: normal(4, 2) };
const starts = (): [NamedTensors, NamedTensors] => [
  initialTensors(program.trained, 1),
  initialTensors(program.states, 1),
];

async function train(store: Store, step: Session, count: number): Promise<NamedTensors> {
  for (let i = 0; i < count; i++) {
    const outcome = await step.runKeeping({ ...store.feeds(), ...batch });
    await store.update(outcome, outcome.fetches[outputName.gradientNorm]!.data[0]!, 0.05 / (i + 1));
  }
  return store.read(groups);
}

describe('DeviceStore', () => {
  it('trains as the processor store does', async () => {
    const fetching = await Session.create(program.step, settings);
    const keeping = await Session.create(program.step, { ...settings, keep: keptOf(program) });
    const there = await DeviceStore.create(program, ...starts(), adam, settings);
    const expected = await train(new ProcessorStore(program, ...starts(), adam, 1), fetching, 4);
    const got = await train(there, keeping, 4);
    expect([...got.keys()]).toEqual([...expected.keys()]);
    for (const [key, { shape, data }] of expected) {
      expect(got.get(key)!.shape).toEqual(shape);
      expectClose(got.get(key)!.data, data, key, { absolute: 1e-6, relative: 1e-6 });
    }
    expect(there.steps).toBe(4);
    for (const part of [there, fetching, keeping]) await part.release();
  });

  it('goes on from what was read as if nothing had been', async () => {
    const step = await Session.create(program.step, { ...settings, keep: keptOf(program) });
    const store = await DeviceStore.create(program, ...starts(), adam, settings);
    const middle = await train(store, step, 2);
    const further = await train(store, step, 2);
    await store.write(middle, 2);
    expect(await store.read(groups)).toEqual(middle);
    expect(await train(store, step, 2)).toEqual(further);
    for (const part of [store, step]) await part.release();
  });

  it('refuses what was released, where onnxruntime would end the process', async () => {
    const step = await Session.create(program.step, { ...settings, keep: keptOf(program) });
    const store = await DeviceStore.create(program, ...starts(), adam, settings);
    const { kept } = await step.runKeeping({ ...store.feeds(), ...batch });
    const [shape, data] = [[2], kept[outputName.gradient('b')]!];
    data.release();
    data.release();
    await expect(step.runKeeping({ ...store.feeds(), ...batch, b: { shape, data } })).rejects.toThrow(
      'after its release',
    );
    for (const part of [store, step]) await part.release();
  });
});
