import { describe, expect, it } from 'vitest';
import { add, concat, conv, matMul, mul, reduceSum, relu, reshape, slice, take, transpose, turn } from './builders.ts';
import { nodesFor, type Value } from './graph.ts';
import { createGraph } from './operators/table.ts';

describe('value numbering', () => {
  it('makes one node of the same operator on the same inputs', () => {
    const graph = createGraph();
    const x = graph.input('x', [2, 3]);
    expect(relu(x)).toBe(relu(x));
    expect(add(relu(x), 1)).toBe(add(relu(x), 1));
    expect(reduceSum(x, [1, 0])).toBe(reduceSum(x, [0, 1]));
    expect(nodesFor([add(relu(x), relu(x))])).toHaveLength(2);
  });

  it('undoes what is done twice: turns, orders of axes and their opposites, shapes', () => {
    const graph = createGraph();
    const x = graph.input('x', [2, 3, 4]);
    expect(transpose(transpose(x, [2, 0, 1]), [1, 2, 0])).toBe(x);
    expect(transpose(transpose(x, [2, 0, 1]), [2, 0, 1])).not.toBe(x);
    const matrix = reshape(x, [6, 4]);
    expect(turn(turn(matrix))).toBe(matrix);
    expect(reshape(matrix, [2, 3, 4])).toBe(x);
    expect(reshape(matrix, [24])).toBe(reshape(x, [24]));
  });

  it('keeps apart what differs in inputs, their order or attributes', () => {
    const graph = createGraph();
    const [x, y] = [graph.input('x', [2, 2]), graph.input('y', [2, 2])];
    expect(relu(x)).not.toBe(relu(y));
    expect(matMul(x, y)).not.toBe(matMul(y, x));
    expect(reduceSum(x, [0])).not.toBe(reduceSum(x, [1]));
    expect(reduceSum(x, [0], true)).not.toBe(reduceSum(x, [0], false));
  });

  it('shares equal numbers, not equal arrays', () => {
    const graph = createGraph();
    expect(graph.scalar(2)).toBe(graph.scalar(2));
    expect(graph.scalar(2)).not.toBe(graph.scalar(3));
    expect(graph.constant([1], [2])).not.toBe(graph.constant([1], [2]));
  });

  it('gives every value a number after those that it is made from', () => {
    const graph = createGraph();
    const x = graph.input('x', [2]);
    const y = mul(add(x, 1), relu(add(x, 1)));
    for (const node of nodesFor([y])) {
      for (const input of node.inputs) expect(input.id).toBeLessThan(node.outputs[0]!.id);
    }
  });
});

describe('nodesFor', () => {
  it('lists what the values need, producers first, each once', () => {
    const graph = createGraph();
    const x = graph.input('x', [2]);
    const a = relu(x);
    const b = add(a, 1);
    mul(x, 7);
    expect(nodesFor([mul(a, b), b]).map((n) => n.op)).toEqual(['Relu', 'Add', 'Mul']);
    expect(nodesFor([x])).toEqual([]);
  });

  it('walks graphs deeper than the call stack', () => {
    const graph = createGraph();
    let x = graph.input('x', []);
    for (let i = 0; i < 50_000; i++) x = add(x, i);
    expect(nodesFor([x])).toHaveLength(50_000);
  });
});

describe('a graph', () => {
  it('refuses two inputs of one name', () => {
    const graph = createGraph();
    graph.input('x', [1]);
    expect(() => graph.input('x', [2])).toThrow(expect.objectContaining({ code: 'GRAPH_SHAPE' }));
  });

  it('keeps its own copy of a constant', () => {
    const graph = createGraph();
    const data = Float32Array.of(1, 2);
    const c = graph.constant([2], data);
    data[0] = 9;
    expect([...c.constant!]).toEqual([1, 2]);
  });

  type Make = (...shape: number[]) => Value;
  it.each<[string, string, (x: Make) => Value]>([
    ['Add', '[2,3] and [4]', (x) => add(x(2, 3), x(4))],
    ['MatMul', '[2,3] by [2,3]', (x) => matMul(x(2, 3), x(2, 3))],
    ['Conv', '[1,3,8,8]', (x) => conv(x(1, 3, 8, 8), x(4, 2, 3, 3))],
    ['Reshape', '[2,3]', (x) => reshape(x(2, 3), [5])],
    ['Transpose', '[2,3]', (x) => transpose(x(2, 3), [0, 0])],
    ['Slice', '[2,3]', (x) => slice(x(2, 3), 1, 1, 4)],
    ['Take', '[2,3]', (x) => take(x(2, 3), 1, [3])],
    ['Concat', '[2,3]', (x) => concat([x(2, 3), x(3, 2)], 0)],
  ])('refuses shapes that do not fit: %s names itself and %s', (op, shapes, build) => {
    const graph = createGraph();
    const make: Make = (...shape) => graph.input(`x${graph.inputs.length}`, shape);
    const refused = (): Value => build(make);
    expect(refused).toThrow(expect.objectContaining({ code: 'GRAPH_SHAPE' }));
    expect(refused).toThrow(op);
    expect(refused).toThrow(shapes);
  });
});
