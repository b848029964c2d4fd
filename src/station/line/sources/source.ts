/** What a source of the line is: a row of the table, and what the row makes. */
import type { FelfriError } from '../../../core/errors.ts';
import type { Static, TObject, TProperties } from '../../../core/schema.ts';
import type { Inspection } from '../../contract/inspections.ts';

/** An image on its way in, as far as its source knows it. */
export interface KnownImage {
  /** Says which it is: the same image has the same again, and no other image has it. */
  readonly resultId: string;
  readonly part: string | null;
  readonly lot: string | null;
  /** Product code that came with the image. */
  readonly product: string | null;
  /** Name or id that came with the image; null for that of the file, or the active one. */
  readonly recipe: string | null;
  /** Which view of its part, where the image says so itself; null: the source is the view. */
  readonly view: string | null;
}

export interface SourceImage extends KnownImage {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** When it was made at the earliest, as performance.now() has it: it is no result of a trigger after that, however late it is read. */
  readonly cameAt: number;
}

/** What a trigger says of the part that it is for. */
export type Triggered = Pick<KnownImage, 'part' | 'lot' | 'product' | 'recipe'>;

/** Since the start. */
export interface SourceCounts {
  decided: number;
  notInspected: number;
  repeated: number;
  dropped: number;
  restarts: number;
}

/** What a source is given of the station. */
export interface SourceTools {
  /** Of this source, as the file names it. */
  readonly name: string;
  /** A folder of the station's own, for what a source has to remember; it may not be there yet. */
  readonly folder: string;
  /** Images that are worth giving at a time. */
  readonly atOnce: number;
  /** Of an image that the station inspects. */
  readonly mostPixels: number;
  /** Whether the station takes no more images. */
  readonly isStopping: boolean;
  readonly counts: SourceCounts;
  /** Takes memory for an image until its part is decided; gives what gives it back, null where there is none now. */
  room(bytes: number): (() => void) | null;
  /** Says that an image came, by what a person knows it. */
  came(what: string): void;
  /** Resolves when a decision on the image, or on the part that it is a view of, is on record. Throws what `Inspections.receive` throws; nothing is on record then. */
  inspect(image: SourceImage): Promise<Inspection>;
  /** As `inspect`, of several images of one part: its decision is the worst, and OK only where each is. */
  inspectAll(images: readonly SourceImage[]): Promise<Inspection>;
  /** Puts on record that an image gave no decision, or never came, and why. */
  note(image: Triggered & { readonly resultId: string | null }, error: FelfriError): Promise<void>;
  /** Says that something of this source is wrong, until it is said to be over; `about` tells several things apart. */
  alarm(about: string, error: unknown): void;
  over(about: string): void;
}

export interface Source {
  readonly connected: boolean;
  /** What stands in the way of the next image; null where nothing does. */
  readonly problem: string | null;
  /** Images that came and are not on record. */
  readonly waiting: number;
  /** Takes an image for a part now, which must come within so many milliseconds. Throws LINE_LATE where none comes, and what `SourceTools.inspect` throws; that is on record then. */
  trigger?(of: Triggered, withinMillis?: number): Promise<Inspection>;
  /** Takes no more images; resolves when those that were given are on record, or left where they can be taken again. */
  close(): Promise<void>;
}

/** One row of the table of sources. */
export interface SourceRow<P extends TProperties> {
  readonly title: string;
  /** What it does, in a sentence. */
  readonly does: string;
  /** Beside those that every source has; with defaults. */
  readonly settings: P;
  /** A whole set of settings, as the guide shows it. */
  readonly example: Readonly<Record<string, unknown>>;
  /** A setting that is of the right kind and cannot be, and why; null where there is none. */
  fault(settings: Static<TObject<P>>): readonly [setting: keyof P & string, why: string] | null;
  address(settings: Static<TObject<P>>): string;
  /** Tries to reach it without taking an image; gives what it found in a sentence. Throws what stands in the way. */
  check(settings: Static<TObject<P>>, signal: AbortSignal): Promise<string>;
  make(settings: Static<TObject<P>>, tools: SourceTools): Promise<Source>;
}

/** Keeps the row's types of settings. */
export const sourceRow = <P extends TProperties>(row: SourceRow<P>): SourceRow<P> => row;
