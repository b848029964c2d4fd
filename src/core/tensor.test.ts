import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sizeOf, stack, tensor } from './tensor.ts';

const shapes = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 });
const graphShape = expect.objectContaining({ code: 'GRAPH_SHAPE' });

describe('tensor', () => {
  it('is zeros when no values are given', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const { data } = tensor(shape);
        expect(data.length).toBe(sizeOf(shape));
        expect(data.every((x) => x === 0)).toBe(true);
      }),
    );
  });

  it('of the empty shape is one number', () => {
    expect(sizeOf([])).toBe(1);
    expect([...tensor([], [3]).data]).toEqual([3]);
  });

  it('keeps its own copy of the shape, and the array that it was given', () => {
    const shape = [2];
    const data = Float32Array.of(1, 2);
    const made = tensor(shape, data);
    shape[0] = 5;
    expect(made.shape).toEqual([2]);
    expect(made.data).toBe(data);
  });

  it('refuses another number of values, saying both', () => {
    expect(() => tensor([2, 3], [1, 2])).toThrow(graphShape);
    expect(() => tensor([2, 3], [1, 2])).toThrow('shape [2,3] needs 6 values, got 2');
  });
});

describe('stack', () => {
  it('puts tensors one after another under a new first axis', () => {
    const { shape, data } = stack([tensor([1, 2], [1, 2]), tensor([1, 2], [3, 4]), tensor([1, 2], [5, 6])]);
    expect(shape).toEqual([3, 1, 2]);
    expect([...data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('refuses nothing, and tensors of different shapes', () => {
    expect(() => stack([])).toThrow(graphShape);
    expect(() => stack([tensor([2]), tensor([3])])).toThrow(graphShape);
    expect(() => stack([tensor([2, 3]), tensor([3, 2])])).toThrow(graphShape);
  });
});
