/** What the model of a bundle must be before onnxruntime sees it: arithmetic on pixels, within bounds, that gives a score and a map. */
import { detectors } from '../detectors/table.ts';
import { admitModel, type Refuse } from '../engine/onnx/admission.ts';
import type { OnnxValueInfo } from '../engine/onnx/schema.ts';
import { requireFiniteWeights } from './finite-weights.ts';
import type { BundleManifest } from './schema.ts';

const FLOAT = 1;
const UINT8 = 2;

const elementOf = ({ type }: OnnxValueInfo): number | undefined => type?.tensor_type?.elem_type;

/** Throws what `refuse` makes of the reason. */
export function requireAdmittedModel(
  bytes: Uint8Array,
  { detector, pixels }: Pick<BundleManifest, 'detector' | 'pixels'>,
  refuse: Refuse,
): void {
  const model = admitModel(bytes, refuse);
  requireFiniteWeights(model, refuse);
  const { graph } = model;
  const weights = new Set(graph.initializer.map(({ name }) => name));
  const inputs = graph.input.filter(({ name }) => !weights.has(name));
  const [first] = inputs;
  const element = pixels ? FLOAT : UINT8;
  if (inputs.length !== 1 || first?.name !== 'pixels' || elementOf(first) !== element)
    throw refuse(
      `its inputs are ${inputs.map(({ name }) => name).join(', ')}; legal is pixels alone, of ${pixels ? 'float32' : 'uint8'}`,
    );
  for (const name of ['score', 'map', ...detectors[detector].parts]) {
    const output = graph.output.find((one) => one.name === name);
    if (!output || elementOf(output) !== FLOAT) throw refuse(`it gives no ${name} of float32`);
  }
}
