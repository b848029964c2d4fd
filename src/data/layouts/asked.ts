/** What a data set's layout is recognised with, and what it can be. */
import type { FrameStatement } from '../image/raw/stated-frame.ts';
import type { Unannotated } from './layout.ts';
import type { ManifestOptions } from './manifest.ts';
import type { FolderLayoutName } from './table.ts';

export type Layout = 'manifest' | 'json-lines' | 'annotated' | 'stated-good' | FolderLayoutName;

export interface DataSetOptions extends ManifestOptions {
  /** The folder of good parts, where names do not tell: all other images are defective. As a path, or relative to the data set. */
  readonly good?: string;
  /** What images are that no annotation and no mask speaks of, where these label the others; named and left out unless told. */
  readonly unannotated?: Unannotated;
  /** Regular expression on the file name; its first capture is the part group, where no manifest states it. */
  readonly groupPattern?: string;
  /** What files that end in .raw, .frame or .bin are, such as '640x480:Mono12p'; those in .bin are no images unless told. */
  readonly raw?: FrameStatement;
}
