/** Copies models from elsewhere into a graph, under names that meet no other. */
import type { ForeignModel } from './foreign-model.ts';
import type { OnnxGraph } from './schema.ts';

export class Merger {
  readonly #graph: OnnxGraph;
  readonly #models = new Map<ForeignModel, number>();
  #copies = 0;

  constructor(graph: OnnxGraph) {
    this.#graph = graph;
  }

  /** Adds the model's nodes, reading from `input`; gives the names of its outputs. */
  merge(model: ForeignModel, input: string): string[] {
    let number = this.#models.get(model);
    if (number === undefined) {
      number = this.#models.size;
      this.#models.set(model, number);
      for (const weight of model.weights) {
        this.#graph.initializer.push({ ...weight, name: `foreign${number}/${weight.name}` });
      }
    }
    const weights = new Set(model.weights.map((w) => w.name));
    const copy = this.#copies++;
    const rename = (name: string): string => {
      // the empty name stands for an optional input that is left out
      if (name === '') return '';
      if (name === model.input) return input;
      return weights.has(name) ? `foreign${number}/${name}` : `foreign${number}.${copy}/${name}`;
    };
    for (const node of model.nodes) {
      this.#graph.node.push({
        op_type: node.op_type,
        input: node.input.map(rename),
        output: node.output.map(rename),
        attribute: node.attribute ?? [],
      });
    }
    return model.outputs.map(rename);
  }
}
