// Fits y = 2x + 1 by the engine alone: a graph, its gradient, a compiled training step, and the ONNX model that comes of it.
import { writeFile } from 'node:fs/promises';
import {
  add,
  compileTraining,
  createGraph,
  FixedParameters,
  type Graph,
  mul,
  type Parameters,
  reduceMean,
  Session,
  sub,
  Trainer,
  toOnnx,
  type Value,
} from 'felfri/engine';

// A network is a function. Its weights come from `parameters`: trained ones now, fixed ones later.
const line = (parameters: Parameters, x: Value): Value =>
  add(mul(x, parameters.get('slope', [1], { fill: 0 })), parameters.get('offset', [1], { fill: 0 }));

const program = compileTraining({
  step: (graph: Graph, parameters: Parameters) => {
    const error = sub(line(parameters, graph.input('x', [4])), graph.input('y', [4]));
    return { loss: reduceMean(mul(error, error)) };
  },
});

const adam = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0, clipNorm: Number.POSITIVE_INFINITY };
const trainer = await Trainer.create(program, { adam, seed: 1, threads: 1 });
const of = (...data: number[]) => ({ shape: [data.length], data: Float32Array.from(data) });
for (let i = 0; i < 400; i++) await trainer.step({ x: of(0, 1, 2, 3), y: of(1, 3, 5, 7) }, 0.05);
const weights = await trainer.weights();
await trainer.release();

// The same function again, with the weights in it: an ordinary ONNX file, for any runtime.
const graph = createGraph();
const model = toOnnx({ y: line(new FixedParameters(graph, weights), graph.input('x', [1])) });
await writeFile('line.onnx', model);
const session = await Session.create(model);
const { y } = await session.run({ x: of(10) });
await session.release();
console.log(`slope ${weights.get('slope')!.data[0]!.toFixed(3)}, y(10) = ${y!.data[0]!.toFixed(3)}`);
