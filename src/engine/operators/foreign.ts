/** A network that came from elsewhere as an ONNX file, as one operator. */
import { type OperatorTable, requireShape } from './operator.ts';

export const foreign = {
  Foreign: {
    doc: 'the chosen outputs of a model read from an ONNX file, for one input; their shapes are told, and hold at run time but for open dimensions',
    infer: (inputs, { model, shapes }) => {
      requireShape(
        inputs.length === 1 && shapes.length === model.outputs.length,
        () =>
          `Foreign: ${inputs.length} inputs and ${shapes.length} shapes for 1 input and ${model.outputs.length} outputs`,
      );
      return shapes.map((shape) => ({ dtype: 'float32', shape }));
    },
    gradient: 'none',
    onnx: (e) => {
      const { model, shapes } = e.attributes;
      for (const [i, name] of e.merge(model, e.inputs[0]!).entries()) {
        const shape = shapes[i]!;
        if (shape.includes(-1)) e.node('Identity', [name], [e.outputs[i]!]);
        // fixes the shape for what follows, and fails where the file gives another number of values
        else e.node('Reshape', [name, e.int64(shape)], [e.outputs[i]!]);
      }
    },
    cases: () => [],
  },
} satisfies Partial<OperatorTable>;
