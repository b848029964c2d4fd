/** Data sets: labelled images that the station keeps in a folder which `felfri train` and `felfri compare` read as it is. */
import { type Static, Type } from '../../core/schema.ts';
import { By, Identifier, line, lineOrNothing, NullableString, Time } from './common.ts';

export const Label = Type.Union([Type.Literal('good'), Type.Literal('defective')]);
export type Label = Static<typeof Label>;

const NullableLabel = Type.Union([Label, Type.Null()]);

/** Lower-case hexadecimal SHA-256. */
export const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' });

const ClassName = line(50);
const PartGroup = line(100);

export const DataSetImage = Type.Object({
  /** Of the image's bytes as they came; the image's id within its data set. */
  hash: Type.String(),
  /** As the file was called, or the part's id; to be shown only. */
  name: Type.String(),
  /** Pixels, upright. */
  width: Type.Integer(),
  height: Type.Integer(),
  /** Null: nobody has said yet. */
  label: NullableLabel,
  /** 'good', or the class of defect; null without a label. */
  className: NullableString,
  /** Images of one physical part share it, and a split never divides it. */
  partGroup: Type.String(),
  /** SHA-256 of the mask's file; null: none. */
  mask: NullableString,
  /** Id of the inspection that it came from. */
  inspection: NullableString,
  addedAt: Time,
});
export type DataSetImage = Static<typeof DataSetImage>;

export const DataSetCounts = Type.Object({
  good: Type.Integer(),
  defective: Type.Integer(),
  unlabelled: Type.Integer(),
  masks: Type.Integer(),
});
export type DataSetCounts = Static<typeof DataSetCounts>;

export const DataSet = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** From 1; every change is a new one. */
  version: Type.Integer(),
  /** SHA-256 of the manifest, whose rows name images and masks by their own SHA-256: equal for equal content. */
  hash: Type.String(),
  createdAt: Time,
  changedAt: Time,
  counts: DataSetCounts,
  /** Classes of defect. */
  classes: Type.Array(Type.String()),
});
export type DataSet = Static<typeof DataSet>;

/** GET /api/datasets, by name. */
export const DataSetList = Type.Object({ dataSets: Type.Array(DataSet) });
export type DataSetList = Static<typeof DataSetList>;

/** GET /api/datasets/{id}: with all images in the order they were added. */
export const DataSetDetail = Type.Object({ dataSet: DataSet, images: Type.Array(DataSetImage) });
export type DataSetDetail = Static<typeof DataSetDetail>;

/** POST /api/datasets -> 201 with a DataSet. */
export const NewDataSet = Type.Object({ name: line(60), by: Type.Optional(By) }, { additionalProperties: false });
export type NewDataSet = Static<typeof NewDataSet>;

/** What every change of an image answers: the image as it is now (null: removed), and its data set. */
export const ImageChange = Type.Object({
  dataSet: DataSet,
  image: Type.Union([DataSetImage, Type.Null()]),
});
export type ImageChange = Static<typeof ImageChange>;

/**
 * POST /api/datasets/{id}/images: as an inspection is sent, multipart with these fields before a file called `image`, or the image as the
 * body. 201 with an ImageChange; 200, and nothing changed, where the data set has the image.
 */
export const ImageFields = Type.Object(
  {
    name: Type.Optional(lineOrNothing(200)),
    label: Type.Optional(Label),
    className: Type.Optional(ClassName),
    /** Left out: a part of its own. */
    partGroup: Type.Optional(PartGroup),
    by: Type.Optional(By),
  },
  { additionalProperties: false },
);
export type ImageFields = Static<typeof ImageFields>;

/**
 * POST /api/datasets/{id}/inspections: the images of inspections that were kept. What a person said becomes the label: false alarm, and agreed
 * OK, are good; missed, and agreed NG or REVIEW, are defective; without feedback there is none. Images that are there keep a label they have.
 */
export const InspectionsToAdd = Type.Object(
  {
    /** Left out: every inspection with feedback. */
    inspections: Type.Optional(Type.Array(Identifier, { minItems: 1, maxItems: 500 })),
    by: Type.Optional(By),
  },
  { additionalProperties: false },
);
export type InspectionsToAdd = Static<typeof InspectionsToAdd>;

export const InspectionsAdded = Type.Object({
  dataSet: DataSet,
  added: Type.Integer(),
  /** Were there, without a label, and have one now. */
  labelled: Type.Integer(),
  /** Were there as they are. */
  known: Type.Integer(),
  refused: Type.Array(Type.Object({ inspection: Type.String(), code: Type.String(), message: Type.String() })),
});
export type InspectionsAdded = Static<typeof InspectionsAdded>;

export const ImageParams = Type.Object({ id: Identifier, hash: Hash });
export type ImageParams = Static<typeof ImageParams>;

/** PATCH /api/datasets/{id}/images/{hash} -> ImageChange. A good image, and one without a label, has no mask: it is given up. */
export const ImageLabel = Type.Object(
  {
    label: Type.Optional(NullableLabel),
    /** Of defect; 'defective' where none was ever given. */
    className: Type.Optional(ClassName),
    partGroup: Type.Optional(PartGroup),
    by: Type.Optional(By),
  },
  { additionalProperties: false },
);
export type ImageLabel = Static<typeof ImageLabel>;

/**
 * PUT /api/datasets/{id}/images/{hash}/mask, a PNG of the image as it is shown -> ImageChange. What is not black is defect, as everywhere
 * (`data/masks/rule.ts`); kept as 8 bits, 0 and 255. Makes the image defective. A mask that marks nothing, or that cannot be believed, is
 * refused by 422 and changes nothing; DELETE of the mask takes it away. GET gives it. DELETE of the image takes `by` too.
 */
export const ByQuery = Type.Object({ by: Type.Optional(By) }, { additionalProperties: false });
export type ByQuery = Static<typeof ByQuery>;
