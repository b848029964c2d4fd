/** What a row of the table of endpoints holds. */
import type { ErrorCode } from '../../../core/errors.ts';
import { type TSchema, Type } from '../../../core/schema.ts';
import { imageFormats } from '../../../data/image/formats.ts';
import type { Role } from '../access.ts';
import type { NamesOf, Subject } from '../addresses.ts';
import { Identifier } from '../common.ts';
import { ComparisonName } from '../comparisons.ts';
import { Hash } from '../datasets.ts';
import { UserName } from '../users.ts';

/** The least role that an endpoint asks for; anyone: also who has not said who they are. */
export type Least = Role | 'anyone';

/** A body that is read by its handler, as a stream: multipart, or (but for a bundle) the file alone with the fields in the query. */
export interface Upload {
  /** bundle: any number of files, each in a field that is called by its path in the bundle. */
  readonly file: 'image' | 'bundle';
  readonly fields: TSchema;
  /** Content types of a body that is the file alone; none where only a form is taken. */
  readonly types: readonly string[];
}

export interface Endpoint {
  readonly least: Least;
  readonly summary: string;
  readonly description?: string;
  readonly query?: TSchema;
  /** JSON; it may be left out where none of its fields is demanded. */
  readonly body?: TSchema;
  readonly upload?: Upload;
  /** JSON. An endpoint with neither answer, content nor events has no body. */
  readonly answer?: TSchema;
  /** Content types of an answer that is not JSON. */
  readonly content?: readonly string[];
  /** What the data of each server-sent event is. */
  readonly events?: TSchema;
  /** Status of the answer; 200 unless told. */
  readonly status?: number;
  /** Further statuses with the same kind of answer, and when. */
  readonly also?: Readonly<Record<number, string>>;
  /** Beside what every endpoint of its kind may refuse (`refusals.ts`). */
  readonly refuses?: readonly ErrorCode[];
  /** Requests a minute from one address, where it is not the station's own limit. */
  readonly perMinute?: number | 'unlimited';
}

/** The rows of a subject: one for each of its addresses, and no other. */
export type Rows<S extends Subject> = Readonly<Record<NamesOf<S>, Endpoint>>;

/** What may stand for each `:word` of a path. */
export const pathWords = { id: Identifier, recipe: Identifier, hash: Hash, name: ComparisonName, user: UserName };
export type PathWord = keyof typeof pathWords;

/** The words of a path, in order. */
function wordsOf(path: string): PathWord[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, word]) => word as PathWord);
}

/** The shape of a path's words; undefined where it has none. */
export function paramsOf(path: string): TSchema | undefined {
  const words = wordsOf(path);
  return words.length === 0 ? undefined : Type.Object(Object.fromEntries(words.map((word) => [word, pathWords[word]])));
}

/** The shape of a query: of an upload that may be the file alone, its fields. */
export function queryOf({ query, upload }: Endpoint): TSchema | undefined {
  return query ?? (upload && upload.types.length > 0 ? upload.fields : undefined);
}

/** Of every format that an image may have come in. */
export const pictureTypes: readonly string[] = [
  ...new Set(Object.values(imageFormats).map(({ mediaType }) => mediaType)),
];

/** The image of a form, or of a body. */
export const imageTypes = ['application/octet-stream', 'image/*'] as const;
