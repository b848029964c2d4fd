/** The gradient of max-pooling by operators that every device has: onnxruntime knows MaxUnpool, and positions of largest values, on the processor alone. */
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor } from '../onnx/schema.ts';

/** What the new nodes share. */
class Emission {
  readonly nodes: OnnxNode[] = [];
  readonly tensors: OnnxTensor[] = [];
  readonly #prefix: string;
  #count = 0;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Gives the name of the node's only output. */
  node(op_type: string, input: string[], attribute: OnnxAttribute[] = [], output = this.#name()): string {
    this.nodes.push({ op_type, input, output: [output], attribute });
    return output;
  }

  integers(...values: number[]): string {
    const bytes = BigInt64Array.from(values.map(BigInt)).buffer;
    return this.#tensor({ dims: [values.length], data_type: 7, raw_data: new Uint8Array(bytes) });
  }

  zero(): string {
    return this.#tensor({ dims: [], data_type: 1, raw_data: new Uint8Array(4) });
  }

  #tensor(tensor: Omit<OnnxTensor, 'name'>): string {
    const name = this.#name();
    this.tensors.push({ name, ...tensor });
    return name;
  }

  #name(): string {
    return `${this.#prefix}.${this.#count++}`;
  }
}

const concat = (e: Emission, parts: string[], axis: number): string =>
  e.node('Concat', parts, [{ name: 'axis', type: 2, i: axis }]);

/**
 * What arrives at a window goes to the first place that holds its largest value, as by the position: place by place, what has not yet been
 * handed out. `x` is what was pooled, of the shape given, `y` the largest values, `upstream` their gradient.
 */
function place(
  e: Emission,
  [x, y, upstream, target]: [string, string, string, string],
  shape: number[],
  k: number,
): void {
  const [n, c, h, w] = shape as [number, number, number, number];
  const zero = e.zero();
  const [ends, axes, steps] = [e.integers(h, w), e.integers(2, 3), e.integers(k, k)];
  const [column, row] = [e.integers((n * c * h) / k, w / k, 1), e.integers((n * c * h) / k, 1, w)];
  let rest = upstream;
  const rows: string[] = [];
  for (let r = 0; r < k; r++) {
    const places: string[] = [];
    for (let s = 0; s < k; s++) {
      const here = e.node('Equal', [e.node('Slice', [x, e.integers(r, s), ends, axes, steps]), y]);
      places.push(e.node('Reshape', [e.node('Where', [here, rest, zero]), column]));
      if (r + s < 2 * (k - 1)) rest = e.node('Where', [here, zero, rest]);
    }
    rows.push(e.node('Reshape', [concat(e, places, 2), row]));
  }
  e.node('Reshape', [concat(e, rows, 1), e.integers(...shape)], [], target);
}

const integersOf = ({ raw_data }: OnnxTensor): number[] =>
  Array.from(new BigInt64Array(Uint8Array.from(raw_data!).buffer), Number);

/** The graph with each MaxUnpool of a MaxPool's positions as plain operators; positions that nothing else needs are asked for no longer. */
export function withoutPositions(graph: OnnxGraph): OnnxGraph {
  const pools = new Map(
    graph.node.flatMap((node) => (node.op_type === 'MaxPool' && node.output[1] ? [[node.output[1], node]] : [])),
  );
  const shapes = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const initializer = [...graph.initializer];
  const replaced = graph.node.flatMap((node, at): OnnxNode[] => {
    const pool = node.op_type === 'MaxUnpool' ? pools.get(node.input[1]!) : undefined;
    const shape = pool && shapes.get(node.input[2]!);
    const kernel = pool?.attribute?.find(({ name }) => name === 'kernel_shape')?.ints?.[0];
    if (!pool || !shape || kernel === undefined) return [node];
    const e = new Emission(`unpooled${at}`);
    const names: [string, string, string, string] = [pool.input[0]!, pool.output[0]!, node.input[0]!, node.output[0]!];
    place(e, names, integersOf(shape), Number(kernel));
    initializer.push(...e.tensors);
    return e.nodes;
  });
  const needed = new Set([...replaced.flatMap(({ input }) => input), ...graph.output.map(({ name }) => name)]);
  const node = replaced.map((n) => {
    if (n.op_type !== 'MaxPool' || !n.output[1] || needed.has(n.output[1])) return n;
    return { ...n, output: n.output.slice(0, 1) };
  });
  return { ...graph, node, initializer };
}
