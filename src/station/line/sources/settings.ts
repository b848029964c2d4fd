/** Beside its kind, of every source. */
import { type Static, type TObject, Type } from '../../../core/schema.ts';

export const commonSourceSettings = {
  recipe: Type.String({
    default: '',
    maxLength: 200,
    description: 'name or id of the recipe; empty: that of the product, or the active one',
  }),
  product: Type.String({
    default: '',
    maxLength: 100,
    description: 'product code of images that name none themselves',
  }),
  sameAgain: Type.Union([Type.Literal('refuse'), Type.Literal('judge')], {
    default: 'refuse',
    description:
      'what becomes of a picture that is that of the image before, byte for byte, as of a frozen camera: it is not inspected, or judged',
  }),
  silenceSeconds: Type.Number({
    default: 0,
    minimum: 0,
    maximum: 604_800,
    description: 'for so long no image may come, else there is an alarm; 0: for ever',
  }),
};

export type CommonSourceSettings = Static<TObject<typeof commonSourceSettings>>;
