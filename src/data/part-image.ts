/** An image of a part, as a data set knows it. */
import type { Drawing } from './annotations/drawing.ts';
import type { FrameStatement } from './image/raw/stated-frame.ts';

export interface PartImage {
  /** Absolute path of the image file. */
  readonly path: string;
  /** Path relative to the data set folder, '/' between parts; the image's stable identity. */
  readonly name: string;
  readonly label: 'good' | 'defective';
  /** 'good', or the class of defect. */
  readonly className: string;
  /** Absolute path of the mask, or of the annotation file that `drawing` is from, where there is one. */
  readonly mask?: string;
  /** Shapes of an annotation file, in place of a mask of pixels. */
  readonly drawing?: Drawing;
  /** The colour of the mask's background, such as '#ffffff', where the data set states one. */
  readonly maskBackground?: string;
  /** Images of one physical part share it; a split never divides it. */
  readonly partGroup: string;
  /** Whether a manifest or a pattern states the part group; else the image counts as a part of its own for want of better. */
  readonly groupStated?: true;
  /** 0, 1, ... where the data set states folds. */
  readonly fold?: number;
  /** The side on which the data set's publisher put the image. */
  readonly publishedSplit?: 'train' | 'test';
  /** What the file is, where it is a raw frame without a header. */
  readonly raw?: FrameStatement;
}
