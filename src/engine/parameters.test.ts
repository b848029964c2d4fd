import { describe, expect, it } from 'vitest';
import { tensor } from '../core/tensor.ts';
import { add } from './builders.ts';
import { createGraph } from './operators/table.ts';
import { type Declaration, DeclaredParameters, FixedParameters, fanIn, initialTensors } from './parameters.ts';

describe('declared parameters', () => {
  it('are inputs, declared once for each name, trained and carried apart', () => {
    const graph = createGraph();
    const p = new DeclaredParameters(graph, true);
    const w = p.get('w', [2, 3], fanIn([2, 3]));
    expect(p.get('w', [2, 3], fanIn([2, 3]))).toBe(w);
    const mean = p.state('mean', [2], { fill: 0 });
    p.update('mean', add(mean, 1));
    expect(graph.inputs.map((v) => v.input)).toEqual(['w', 'mean']);
    expect([...p.trained.keys()]).toEqual(['w']);
    expect(p.states.get('mean')!.next).toBe(add(mean, 1));
  });

  it('refuse an update of what is no state', () => {
    const graph = createGraph();
    const p = new DeclaredParameters(graph, true);
    const w = p.get('w', [1], { fill: 0 });
    expect(() => p.update('w', w)).toThrow(expect.objectContaining({ code: 'GRAPH_SHAPE' }));
  });
});

describe('fixed parameters', () => {
  const weights = new Map([['w', tensor([2], [1, 2])]]);

  it('are constants, one for each name', () => {
    const graph = createGraph();
    const p = new FixedParameters(graph, weights);
    expect([...p.get('w', [2]).constant!]).toEqual([1, 2]);
    expect(p.state('w', [2])).toBe(p.get('w', [2]));
    expect(graph.inputs).toEqual([]);
  });

  it.each([
    ['missing', 'v', [2], 'weight v is missing; the network needs [2]'],
    ['misshapen', 'w', [1, 2], 'weight w is of shape [2]; the network needs [1,2]'],
  ])('refuse a %s weight by name and shape', (_, name, shape, message) => {
    const p = new FixedParameters(createGraph(), weights);
    expect(() => p.get(name, shape)).toThrow(expect.objectContaining({ code: 'WEIGHTS_MISMATCH', subject: name }));
    expect(() => p.get(name, shape)).toThrow(message);
  });
});

describe('starting values', () => {
  const declarations: Declaration[] = [
    { name: 'filled', shape: [3], initial: { fill: 0.25 } },
    { name: 'uniform', shape: [100, 50], initial: fanIn([100, 50]) },
    { name: 'normal', shape: [5000], initial: { normal: 0.1 } },
  ];
  const made = initialTensors(declarations, 1);
  const values = (name: string): number[] => [...made.get(name)!.data];

  it('are filled, uniform within 1 / sqrt(fan in), or normal of the deviation asked for', () => {
    expect(values('filled')).toEqual([0.25, 0.25, 0.25]);
    const bound = 1 / Math.sqrt(50);
    expect(values('uniform').every((x) => Math.abs(x) <= bound)).toBe(true);
    // variance of a uniform value within +-b is b squared over three
    const square = (name: string): number => values(name).reduce((s, x) => s + x * x, 0) / values(name).length;
    expect(square('uniform') / (bound ** 2 / 3)).toBeCloseTo(1, 1);
    expect(square('normal') / 0.01).toBeCloseTo(1, 1);
  });

  it('depend on seed and name alone, so that another weight changes none', () => {
    const alone = initialTensors([declarations[2]!], 1);
    expect([...alone.get('normal')!.data]).toEqual(values('normal'));
    const other = initialTensors(declarations, 2);
    expect([...other.get('normal')!.data]).not.toEqual(values('normal'));
    const renamed = initialTensors([{ ...declarations[2]!, name: 'other' }], 1);
    expect([...renamed.get('other')!.data]).not.toEqual(values('normal'));
  });
});
