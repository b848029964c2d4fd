/** How several views make a part, as the file of the line says. */
import { type Static, type TObject, Type } from '../../../../core/schema.ts';

export const partSettings = {
  views: Type.Array(Type.String({ minLength: 1, maxLength: 40 }), {
    minItems: 2,
    maxItems: 32,
    uniqueItems: true,
    description: 'names of sources, or of what `{view}` stands for in names of files; a part has one image of each',
  }),
  withinSeconds: Type.Number({
    default: 5,
    minimum: 0.05,
    maximum: 3600,
    description:
      'in which all views of a part must come, from the first on; where one is missing the part is for REVIEW',
  }),
  http: Type.Boolean({
    default: false,
    description: 'whether views come by HTTP too, as images that name `part` and `view`; then a view need be no source',
  }),
  ngViews: Type.Integer({
    default: 1,
    minimum: 1,
    maximum: 32,
    description: 'from so many views that are NG the part is NG; with fewer it is for REVIEW',
  }),
};

export type PartSettings = Static<TObject<typeof partSettings>>;
