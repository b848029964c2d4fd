/** Regions as a file, a bundle and the station's requests hold them. One schema gives the types and the check. */
import { type Static, Type } from '../../core/schema.ts';

/** Share of the picture's width (x, and radii) or height (y). */
const Fraction = Type.Number({ minimum: 0, maximum: 1 });
const Points = (least: number) =>
  Type.Array(Type.Array(Fraction, { minItems: 2, maxItems: 2, description: 'x and y' }), {
    minItems: least,
    maxItems: 2000,
  });

export const Shape = Type.Union([
  Type.Object({ form: Type.Literal('polygon'), points: Points(3) }, { additionalProperties: false }),
  Type.Object(
    {
      form: Type.Literal('ring'),
      centre: Type.Array(Fraction, { minItems: 2, maxItems: 2 }),
      /** Radii, of the picture's width; an inner one of 0 makes a disc. */
      outer: Type.Number({ exclusiveMinimum: 0, maximum: 2 }),
      inner: Type.Number({ minimum: 0, maximum: 2 }),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      form: Type.Literal('stroke'),
      points: Points(1),
      /** Of the brush, of the picture's width. */
      radius: Type.Number({ exclusiveMinimum: 0, maximum: 0.5 }),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      form: Type.Literal('mask'),
      width: Type.Integer({ minimum: 1, maximum: 16_384 }),
      height: Type.Integer({ minimum: 1, maximum: 16_384 }),
      /** Row by row, how many pixels in turn are not marked and marked. */
      runs: Type.Array(Type.Integer({ minimum: 0 }), { minItems: 1, maxItems: 500_000 }),
    },
    { additionalProperties: false },
  ),
]);

export const Region = Type.Object(
  {
    /** One line, its own within the regions. */
    name: Type.String({ minLength: 1, maxLength: 80 }),
    /** `inspect`: a region of interest; nothing outside all of them is judged. `ignore`: nothing within is judged. */
    kind: Type.Union([Type.Literal('inspect'), Type.Literal('ignore')]),
    shape: Shape,
    /** A region's own threshold lies so many times as high as the recipe's; 1 unless told. Of an inspected region alone. */
    tolerance: Type.Optional(Type.Number({ minimum: 0.1, maximum: 10 })),
  },
  { additionalProperties: false },
);

export const Regions = Type.Object(
  {
    /** Width over height of the picture that they were drawn on. */
    aspect: Type.Number({ minimum: 0.01, maximum: 100 }),
    regions: Type.Array(Region, { minItems: 1, maxItems: 64 }),
  },
  { additionalProperties: false },
);

export type Shape = Static<typeof Shape>;
export type Region = Static<typeof Region>;
export type Regions = Static<typeof Regions>;
