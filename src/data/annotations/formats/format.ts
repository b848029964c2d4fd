/** What a format of annotations is: a row of `table.ts`. */
import type { Reading } from '../reading.ts';
import type { WriterOf } from '../write/writer.ts';
import type { XmlElement } from '../xml.ts';

/** Reads files of one kind. */
export interface FileReader<Document> {
  /** Whether a file is of this format; true for one format alone. */
  readonly claims: (document: Document, path: string) => boolean;
  /** Takes in what the file says. Throws ANNOTATION_INVALID when nothing of it can be used. */
  readonly read: (document: Document, path: string, reading: Reading) => void | Promise<void>;
}

export interface AnnotationFormat {
  readonly title: string;
  /** How a folder is recognised. */
  readonly found: string;
  /** Which shapes are read. */
  readonly shapes: string;
  /** Which pixels of a shape's border belong to it. */
  readonly edges: string;
  /** When an image without shapes counts as looked at, and so as good. */
  readonly seen: string;
  /** What is written, and what of it is lost. */
  readonly lost: string;
  /** Tools and versions that reading and writing were checked against. */
  readonly checked: string;
  readonly json?: FileReader<unknown>;
  readonly xml?: FileReader<XmlElement>;
  readonly csv?: FileReader<string>;
  /** Reads what is no single file of those kinds; gives whether there was any. */
  readonly folder?: (reading: Reading) => Promise<boolean>;
  readonly writer: WriterOf;
}
