/** The messages between the station and the processes that open bundles, inspect and draw. */
import type { BundleManifest } from '../../bundle/schema.ts';
import type { PictureStatistics } from '../../data/image/picture-statistics.ts';
import type { Regions } from '../../data/regions/schema.ts';
import type { Device } from '../../engine/runtime/devices.ts';
import type { OwnLimits } from '../../inspect/inspector.ts';
import type { Stamp } from '../../inspect/stamp.ts';
import type { Decision } from '../../judge/decision.ts';

/**
 * A score map as it is kept and drawn, one byte a place: by the threshold (inspect/level-map.ts), or 0 at the low end of the bundle's map range
 * and below, 255 at the high end.
 */
export interface ByteMap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array<ArrayBuffer>;
  readonly byThreshold: boolean;
}

/** A bundle as it is on record: where it lies, and the hash that it must still have. */
export interface RecordedBundle {
  readonly directory: string;
  readonly hash: string;
}

/** What a bundle is found to be when it is offered. */
export interface CheckedBundle {
  readonly manifest: BundleManifest;
  readonly hash: string;
  /** Whether its figures were computed again from scores beside it. */
  readonly recomputed: boolean;
}

/** What a process can be asked, and what it answers. */
export interface Tasks {
  /** Opens a bundle; `isKept`: one that stays open whatever others are opened. Gives the memory that the process then takes, bytes. */
  open: { ask: RecordedBundle & { readonly isKept?: true }; answer: number };
  /** Closes all bundles but these, as far as they are not in use, and keeps these. Gives the memory that the process then takes at rest, bytes. */
  keep: { ask: { directories: readonly string[] }; answer: number };
  /** Opens a bundle, replays its golden images, computes its figures again, and closes it. */
  check: { ask: { directory: string }; answer: CheckedBundle };
  /** Looks whether its model is the one on record. */
  model: { ask: RecordedBundle; answer: null };
  /** Inspects an encoded image by the thresholds of a recipe. */
  inspect: {
    ask: { bundle: RecordedBundle; bytes: Uint8Array<ArrayBuffer>; maxPixels: number; limits: OwnLimits };
    answer: {
      decision: Decision;
      /** As `Inspection` of the inspector has it. */
      reason: string | null;
      score: number;
      width: number;
      height: number;
      map: ByteMap;
      statistics: PictureStatistics;
    };
  };
  /** The size of an encoded image as it is shown, once all its pixels could be read. */
  size: { ask: { bytes: Uint8Array<ArrayBuffer>; maxPixels: number }; answer: { width: number; height: number } };
  /** An encoded mask of an image of that size as PNG. */
  mask: {
    ask: { bytes: Uint8Array<ArrayBuffer>; width: number; height: number; maxPixels: number };
    answer: Uint8Array<ArrayBuffer>;
  };
  /** A WebP of an encoded image to look at, no side longer than `longest`; without loss where it is to be `exact`. */
  view: {
    ask: { bytes: Uint8Array<ArrayBuffer>; longest: number; maxPixels: number; exact?: boolean };
    answer: Uint8Array<ArrayBuffer>;
  };
  /** A PNG of an encoded image with a map, itself an encoded grey image, over it, and what was decided below it if `isStamped`; no side of the image longer than `longest`. */
  draw: {
    ask: {
      bytes: Uint8Array<ArrayBuffer>;
      map: Uint8Array<ArrayBuffer>;
      longest: number;
      maxPixels: number;
      stamp: Stamp;
      isStamped: boolean;
      /** Of the recipe; null: none. */
      regions: Regions | null;
    };
    answer: Uint8Array<ArrayBuffer>;
  };
  /** Shows that it is there. */
  ping: { ask: null; answer: null };
  /** Closes all bundles; nothing may be asked afterwards. */
  end: { ask: Record<string, never>; answer: null };
}

export interface ComputingSettings {
  /** What computes; the processor unless told. */
  readonly device?: Device;
  /** Threads within an operator of onnxruntime. */
  readonly threads: number;
  /** The line goes first: where somebody waits it still gets a tenth of a busy machine (`behind`), else what nothing else wants (`last`). */
  readonly background?: 'behind' | 'last';
  /** Of memory; a process that takes more is ended. */
  readonly mostBytes?: number;
}
