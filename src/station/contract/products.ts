/** Products: which recipe judges the parts of a product code. */
import { type Static, Type } from '../../core/schema.ts';
import { By, Identifier, line, lineOrNothing, NullableString, Time } from './common.ts';

/** As a barcode, a controller or a sender says it; compared sign by sign. */
export const ProductCode = line(100);

export const Product = Type.Object({
  code: Type.String(),
  /** Id of the recipe that judges its parts. */
  recipe: Type.String(),
  by: NullableString,
  /** When that recipe was set. */
  since: Time,
});
export type Product = Static<typeof Product>;

/** GET /api/products, by code. While there is one, an image that names neither a product code nor a recipe is refused with PRODUCT_UNKNOWN. */
export const ProductList = Type.Object({ products: Type.Array(Product) });
export type ProductList = Static<typeof ProductList>;

/** PUT /api/products -> ProductList. */
export const ProductChange = Type.Object(
  {
    code: ProductCode,
    /** Null: no recipe judges its parts any more. */
    recipe: Type.Union([Identifier, Type.Null()]),
    by: Type.Optional(By),
    note: Type.Optional(lineOrNothing(500)),
  },
  { additionalProperties: false },
);
export type ProductChange = Static<typeof ProductChange>;
