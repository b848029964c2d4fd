/** A network from an ONNX file, checked and brought to the form in which it can become part of a graph of ours. */
import { FelfriError } from '../../core/errors.ts';
import { sha256 } from '../../core/files.ts';
import { requireAdmittedNode, requireOwnValues } from './admission.ts';
import { requireModestSizes } from './asked-sizes.ts';
import { IR_VERSION, newestOpset, OPSET, oldestOpset, toOpset18 } from './opset.ts';
import {
  decodeModel,
  encodeModel,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from './schema.ts';

const FLOAT = 1;
/** What the one input may hold: a float32 image (1, 3, height, width), or the pixels that a bundle's model takes. */
const inputs = {
  float32: { element: FLOAT, legal: 'a float32 image (1, 3, height, width)' },
  uint8: { element: 2, legal: 'pixels (height, width, 3) of uint8' },
  'deep pixels': { element: FLOAT, legal: 'pixels (height, width, 3) of float32' },
} as const;

export type ForeignInput = keyof typeof inputs;

export interface ForeignModel {
  /** Name of the one input. */
  readonly input: string;
  /** Its dimensions as the file declares them; undefined where any size is legal, or the rank is not declared. */
  readonly inputShape: readonly (number | undefined)[];
  /** Names of the chosen outputs. */
  readonly outputs: readonly string[];
  /** What the outputs need, producers first, in the form of opset 18. */
  readonly nodes: readonly OnnxNode[];
  readonly weights: readonly OnnxTensor[];
  /** SHA-256 of the file and the chosen outputs. */
  readonly fingerprint: string;
  /** The fingerprint: equal models are equal attributes of an operator. */
  toJSON(): string;
}

class Reader {
  readonly #subject: string;
  readonly #model: OnnxModel;

  constructor(bytes: Uint8Array, subject: string) {
    this.#subject = subject;
    let model: OnnxModel | undefined;
    try {
      model = decodeModel(bytes);
    } catch {
      // told below, with what else is no model
    }
    if (!model?.graph?.node?.length) throw this.#invalid('it is no ONNX model, or an empty one; give an .onnx file');
    this.#model = model;
  }

  #invalid(why: string): FelfriError {
    return new FelfriError('MODEL_INVALID', `${this.#subject}: ${why}`, { subject: this.#subject });
  }

  /** The opset of the default domain. Refuses what a graph of ours cannot hold. */
  opset(): number {
    const { opset_import, functions, graph } = this.#model;
    const version = Number(opset_import.find(({ domain }) => !domain || domain === 'ai.onnx')?.version ?? 0);
    if (version < oldestOpset || version > newestOpset) {
      throw this.#invalid(
        `its opset is ${version}; legal are ${oldestOpset} to ${newestOpset}, so export it with opset 18`,
      );
    }
    if (functions?.length) throw this.#invalid('it has functions of its own; export it with them inlined');
    if (graph.sparse_initializer?.length) throw this.#invalid('it has sparse weights; export it with dense ones');
    return version;
  }

  input(kind: ForeignInput): OnnxValueInfo {
    const { input, initializer } = this.#model.graph;
    // old files list weights among the inputs
    const weights = new Set(initializer.map((w) => w.name));
    const fed = input.filter(({ name }) => !weights.has(name));
    const [first] = fed;
    if (!first || fed.length > 1) {
      const names = fed.map(({ name }) => name).join(', ');
      throw this.#invalid(`it has ${fed.length} inputs (${names}); legal is one, an image`);
    }
    const tensor = first.type?.tensor_type;
    const { element, legal } = inputs[kind];
    if (tensor?.elem_type !== element) {
      throw this.#invalid(`its input ${first.name} is not of ${kind}; legal is ${legal}`);
    }
    return first;
  }

  /** The outputs asked for, else the only one. */
  outputs(asked: readonly string[] | undefined): readonly string[] {
    const own = this.#model.graph.output.map(({ name }) => name);
    if (asked === undefined || asked.length === 0) {
      if (own.length === 1) return own;
      throw new FelfriError(
        'OPTION_INVALID',
        `${this.#subject} has ${own.length} outputs: ${own.join(', ')}; name those that are feature maps`,
        { subject: 'outputs' },
      );
    }
    const known = new Set(this.#model.graph.node.flatMap((n) => n.output));
    const missing = asked.filter((name) => !known.has(name));
    if (missing.length > 0) {
      throw new FelfriError(
        'OPTION_INVALID',
        `${this.#subject} computes no ${missing.join(', ')}; its outputs are ${own.join(', ')}, and any value within it may be named`,
        { subject: 'outputs' },
      );
    }
    return [...new Set(asked)];
  }

  /** Nodes and weights that the outputs need, rewritten. */
  content(outputs: readonly string[], opset: number): Pick<ForeignModel, 'nodes' | 'weights'> {
    const { node, initializer } = this.#model.graph;
    const needed = new Set(outputs);
    const used: OnnxNode[] = [];
    for (const n of [...node].reverse()) {
      if (!n.output.some((name) => needed.has(name))) continue;
      used.unshift(n);
      for (const name of n.input) needed.add(name);
    }
    const weights = initializer.filter(({ name }) => needed.has(name));
    for (const weight of weights) requireOwnValues(weight, (why) => this.#invalid(why));
    let made = 0;
    const integers = (values: readonly number[]): string => {
      const name = `felfri.${made++}`;
      const raw_data = new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer);
      weights.push({ name, dims: [values.length], data_type: 7, raw_data });
      return name;
    };
    const nodes = used.map((n) => this.#rewritten(n, opset, integers));
    requireModestSizes({ node: nodes, initializer: weights }, (why) => this.#invalid(why));
    return { nodes, weights };
  }

  #rewritten(node: OnnxNode, opset: number, integers: (values: readonly number[]) => string): OnnxNode {
    const rewritten = toOpset18(node, opset, integers);
    // what is merely of another opset has a reason of its own
    if ('refused' in rewritten)
      throw this.#invalid(`its operator ${node.op_type} of opset ${opset} cannot be used: ${rewritten.refused}`);
    requireAdmittedNode(rewritten.node, (why) => this.#invalid(why));
    return rewritten.node;
  }
}

/**
 * Reads the bytes of an ONNX file and keeps what the named outputs need (its only output when none is named; any value within the
 * model may be). Its input is a float32 image unless told. Throws MODEL_INVALID saying what is not legal, and OPTION_INVALID when the outputs are unknown or must be named.
 */
export function readForeignModel(
  bytes: Uint8Array,
  subject: string,
  asked?: readonly string[],
  kind: ForeignInput = 'float32',
): ForeignModel {
  const reader = new Reader(bytes, subject);
  const opset = reader.opset();
  const { name, type } = reader.input(kind);
  const outputs = reader.outputs(asked);
  const fingerprint = sha256(JSON.stringify([sha256(bytes), outputs]));
  const dims = type.tensor_type?.shape?.dim ?? [];
  return {
    input: name,
    inputShape: dims.map(({ dim_value }) => (Number(dim_value ?? 0) > 0 ? Number(dim_value) : undefined)),
    outputs,
    ...reader.content(outputs, opset),
    fingerprint,
    toJSON: () => fingerprint,
  };
}

/** The model alone, as bytes to run: input and outputs keep their names, no shape is declared. */
export function foreignModelAlone({ input, outputs, nodes, weights }: ForeignModel): Uint8Array<ArrayBuffer> {
  const info = (name: string): OnnxValueInfo => ({ name, type: { tensor_type: { elem_type: FLOAT } } });
  return encodeModel({
    ir_version: IR_VERSION,
    producer_name: 'felfri',
    opset_import: [{ domain: '', version: OPSET }],
    graph: {
      name: 'foreign',
      node: [...nodes],
      initializer: [...weights],
      input: [info(input)],
      output: outputs.map(info),
    },
  });
}
