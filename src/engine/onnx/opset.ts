/**
 * Operators of ONNX's opsets 13 to 21 in the form that they have in opset 18, the one that felfri writes. What is listed here is what
 * changed meaning or form in between (onnx/docs/Changelog.md); all else is the same in all of them but for element types.
 */
import type { OnnxAttribute, OnnxNode } from './schema.ts';

/** What felfri writes. */
export const OPSET = 18;
export const IR_VERSION = 8;

/** What felfri reads. */
export const oldestOpset = 13;
export const newestOpset = 21;

/** A node in its form of opset 18, or the reason why there is none. */
export type Rewritten = { readonly node: OnnxNode } | { readonly refused: string };

interface Context {
  readonly node: OnnxNode;
  readonly attribute: (name: string) => OnnxAttribute | undefined;
  /** Makes an int64 vector and gives its name. */
  readonly integers: (values: readonly number[]) => string;
}

type Rule = (c: Context) => Rewritten;

const text = (a: OnnxAttribute | undefined): string | undefined => a?.s && new TextDecoder().decode(a.s);
const numbers = (a: OnnxAttribute | undefined): number[] => (a?.ints ?? []).map(Number);
const without = (node: OnnxNode, name: string): OnnxNode => ({
  ...node,
  attribute: (node.attribute ?? []).filter((a) => a.name !== name),
});

const refuse =
  (why: string): Rule =>
  () => ({ refused: why });

/** Axes became an input in 18. */
const axesAsInput: Rule = ({ node, attribute, integers }) => {
  const axes = attribute('axes');
  if (!axes) return { node };
  return { node: { ...without(node, 'axes'), input: [node.input[0]!, integers(numbers(axes))] } };
};

const before18: Record<string, Rule> = {
  ...Object.fromEntries(
    ['L1', 'L2', 'LogSum', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'SumSquare'].map((k) => [
      `Reduce${k}`,
      axesAsInput,
    ]),
  ),
  // since 18 equal parts need their number said
  Split: ({ node }) =>
    node.input[1]
      ? { node }
      : {
          node: {
            ...node,
            attribute: [...(node.attribute ?? []), { name: 'num_outputs', type: 2, i: node.output.length }],
          },
        },
};

const before16: Record<string, Rule> = {
  RoiAlign: refuse('its coordinates have another meaning since opset 16'),
};

const before14: Record<string, Rule> = {
  BatchNormalization: ({ node }) =>
    node.output.filter((name) => name !== '').length > 1
      ? { refused: 'in training mode it has another form since opset 14; export the model in inference mode' }
      : { node },
};

const younger = (version: number): Rule => refuse(`it exists only since opset ${version}; export with opset 18`);

const from19: Record<string, Rule> = {
  // saturation concerns 8-bit floats alone, which opset 18 does not have
  Cast: ({ node }) => ({ node: without(node, 'saturate') }),
  CastLike: ({ node }) => ({ node: without(node, 'saturate') }),
  AveragePool: ({ node, attribute }) =>
    numbers(attribute('dilations')).some((d) => d !== 1)
      ? { refused: 'dilations exist only since opset 19' }
      : { node: without(node, 'dilations') },
  Pad: ({ node, attribute }) =>
    text(attribute('mode')) === 'wrap' ? { refused: 'mode wrap exists only since opset 19' } : { node },
  Resize: ({ node, attribute }) =>
    text(attribute('coordinate_transformation_mode')) === 'half_pixel_symmetric'
      ? { refused: 'half_pixel_symmetric exists only since opset 19' }
      : { node },
  QuantizeLinear: refuse('quantised models of opset 19 or later are not read; export with opset 18'),
  DequantizeLinear: refuse('quantised models of opset 19 or later are not read; export with opset 18'),
  DeformConv: younger(19),
};

const from20: Record<string, Rule> = {
  AffineGrid: younger(20),
  Gelu: younger(20),
  ImageDecoder: younger(20),
  RegexFullMatch: younger(20),
  StringConcat: younger(20),
  StringSplit: younger(20),
  DFT: refuse('its axis became an input in opset 20; export with opset 18'),
  GridSample: refuse('its modes have other names since opset 20; export with opset 18'),
};

const from21: Record<string, Rule> = {
  GroupNormalization: refuse('its scale has another meaning since opset 21; export with opset 18'),
};

/** Every rule table with the opsets that it concerns. */
const tables: readonly (readonly [concerns: (opset: number) => boolean, rules: Record<string, Rule>])[] = [
  [(v) => v < 14, before14],
  [(v) => v < 16, before16],
  [(v) => v < 18, before18],
  [(v) => v >= 19, from19],
  [(v) => v >= 20, from20],
  [(v) => v >= 21, from21],
];

/** A node of the given opset as opset 18 writes it. `integers` makes an int64 vector and gives its name. */
export function toOpset18(node: OnnxNode, opset: number, integers: Context['integers']): Rewritten {
  const rule = tables.find(([concerns, rules]) => concerns(opset) && Object.hasOwn(rules, node.op_type))?.[1][
    node.op_type
  ];
  const attribute = (name: string): OnnxAttribute | undefined => node.attribute?.find((a) => a.name === name);
  return rule ? rule({ node, attribute, integers }) : { node };
}
