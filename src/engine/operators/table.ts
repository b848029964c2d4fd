/** The operator table: the one source of what exists. A missing operator, shape rule, gradient or ONNX form is a type error. */
import { FelfriError } from '../../core/errors.ts';
import { Graph, type ShapeRule } from '../graph.ts';
import type { OperatorName } from './attributes.ts';
import { columns } from './columns.ts';
import { convolution } from './convolution.ts';
import { elementwise } from './elementwise.ts';
import { foreign } from './foreign.ts';
import { image } from './image.ts';
import { layout } from './layout.ts';
import { matrixProducts } from './matmul.ts';
import { normalisation } from './normalisation.ts';
import type { Operator, OperatorTable } from './operator.ts';
import { pooling } from './pooling.ts';
import { reductions } from './reduction.ts';
import { resampling } from './resize.ts';

export const operatorTable: OperatorTable = {
  ...elementwise,
  ...reductions,
  ...layout,
  ...matrixProducts,
  ...convolution,
  ...columns,
  ...pooling,
  ...normalisation,
  ...resampling,
  ...image,
  ...foreign,
};

/** The row of an operator, its attribute type forgotten. */
export function operatorOf(name: OperatorName): Operator<unknown> {
  return operatorTable[name] as unknown as Operator<unknown>;
}

/** The shape rule's answer; its refusal names the operator, also where the rule was a shared one such as broadcasting. */
const inferNamed: ShapeRule = (op, inputs, attributes) => {
  try {
    return operatorOf(op).infer(inputs, attributes);
  } catch (error) {
    if (!(error instanceof FelfriError) || error.message.startsWith(op)) throw error;
    throw new FelfriError(error.code, `${op}: ${error.message}`, { cause: error });
  }
};

const infer: ShapeRule = (op, inputs, attributes) => {
  const types = inferNamed(op, inputs, attributes);
  for (const { shape } of types) {
    if (!shape.every((d) => Number.isInteger(d) && d >= -1)) {
      throw new FelfriError('GRAPH_SHAPE', `${op}: the output shape [${shape}] is no shape`);
    }
  }
  return types;
};

/** An empty graph over the operator table. */
export function createGraph(): Graph {
  return new Graph(infer);
}
