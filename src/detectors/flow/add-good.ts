/** What a trained flow's model holds of good parts in closed form, and how that changes by more of them; what the couplings learned stays. */
import type { NamedTensors, Tensor } from '../../core/tensor.ts';
import type { OnnxModel } from '../../engine/onnx/schema.ts';
import { comparedWith, stateOf } from '../../engine/onnx/states.ts';
import { addToPlaces } from './add-to-places.ts';
import { comparedParts, type SettledScore, settle, type ViewSizes, type WatchedParts } from './combined.ts';
import { comparedPlaces, placesIn } from './place-states.ts';
import { type FlowScore, viewSizes } from './score.ts';
import { addToWhole, comparedWhole } from './whole.ts';

/** Names of values within the model: what an image gives of each closed form, and the parts of its score. */
export interface ClosedForms {
  readonly place?: string;
  readonly whole?: string;
  readonly parts: string;
  readonly sizes: ViewSizes;
  /** Good images that the closed forms were estimated from. */
  readonly images: number;
}

interface FlowFacts {
  readonly score?: FlowScore;
  readonly viewed?: { readonly images: number };
}

/** Undefined where the bundle's settings or model do not say all of it, as bundles of before states kept their names, or there is no closed form. */
export function closedFormsOf(model: OnnxModel, settings: Readonly<Record<string, unknown>>): ClosedForms | undefined {
  const { score, viewed } = settings as FlowFacts;
  const parts = comparedWith(model, comparedParts);
  const [place, whole] = [comparedPlaces, comparedWhole].map((state) => comparedWith(model, state));
  if (!score || !viewed?.images || !parts || !(place ?? whole)) return undefined;
  return { ...(place && { place }), ...(whole && { whole }), parts, sizes: viewSizes(score), images: viewed.images };
}

/** What a good image gave, as the names of `ClosedForms` say. */
export interface SeenForms {
  readonly place?: Tensor;
  readonly whole?: Tensor;
}

/** The closed forms' states after more good images. */
export async function addGood(
  model: OnnxModel,
  forms: ClosedForms,
  added: readonly SeenForms[],
  onProgress?: (done: number, of: number) => void,
): Promise<NamedTensors> {
  const states = (name: string): Tensor | undefined => stateOf(model, name);
  const known = forms.place === undefined ? undefined : placesIn(states);
  const places = known
    ? await addToPlaces(
        known,
        forms.images,
        added.map(({ place }) => place!),
        onProgress,
      )
    : [];
  const textures = added.flatMap(({ whole }) => (whole ? [whole.data] : []));
  const whole = textures.length > 0 ? (addToWhole(states, forms.images, textures) ?? []) : [];
  return new Map([...places, ...whole]);
}

/** The scale of the combined score and the weights of its views, anew. */
export const settleAgain = (
  { sizes }: ClosedForms,
  good: readonly Tensor[],
  watched: Omit<WatchedParts, 'parts'> & { readonly parts: readonly Tensor[] },
): SettledScore =>
  settle(
    good.map(({ data }) => data),
    { ...watched, parts: watched.parts.map(({ data }) => data) },
    sizes,
  );
