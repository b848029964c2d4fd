/** The messages between the station and the threads that open bundles, inspect and draw. */
import type { BundleManifest } from '../../bundle/schema.ts';
import type { Device } from '../../engine/runtime/devices.ts';
import type { OwnLimits } from '../../inspect/inspector.ts';
import type { Decision } from '../../judge/decision.ts';

/** A score map as it is kept and drawn: one byte a place, 0 at the low end of the bundle's map range and below, 255 at the high end. */
export interface ByteMap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array<ArrayBuffer>;
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

/** What a thread can be asked, and what it answers. */
export interface Tasks {
  /** Opens a bundle and keeps it open. */
  open: { ask: RecordedBundle; answer: null };
  /** Opens a bundle, replays its golden images, computes its figures again, and closes it. */
  check: { ask: { directory: string }; answer: CheckedBundle };
  /** The bytes of its model. */
  model: { ask: RecordedBundle; answer: Uint8Array<ArrayBuffer> };
  /** Inspects an encoded image by the thresholds of a recipe; `bytes` are handed over and come back. */
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
      bytes: Uint8Array<ArrayBuffer>;
    };
  };
  /** A PNG of an encoded image with a map, itself an encoded grey image, over it; no side longer than `longest`. */
  draw: {
    ask: { bytes: Uint8Array<ArrayBuffer>; map: Uint8Array<ArrayBuffer>; longest: number; maxPixels: number };
    answer: Uint8Array<ArrayBuffer>;
  };
  /** Closes all bundles; nothing may be asked afterwards. */
  end: { ask: Record<string, never>; answer: null };
}

export interface ThreadSettings {
  /** What computes; the processor unless told. */
  readonly device?: Device;
  /** Threads within an operator of onnxruntime. */
  readonly threads: number;
  /** Whether everything else goes first. */
  readonly background?: boolean;
}
