/** What drives a camera: a process of its own that gives frames. */

export interface FrameMeta {
  /** Number of the frame, as the camera or its driver counts. */
  readonly id: number;
  /** When it was here whole, as performance.now() has it. */
  readonly at: number;
  /** Milliseconds of the camera's own clock; null where it says none. */
  readonly stampMillis: number | null;
  /** Exposure, gain and the like, for people. */
  readonly about: string;
}

export interface Hearer {
  /** A frame as an image that felfri reads. Says whether it keeps the bytes. */
  frame(bytes: Uint8Array<ArrayBuffer>, meta: FrameMeta): boolean;
  /** A frame came damaged or not at all. */
  damaged(why: string): void;
}

export interface RunningCamera {
  /** Why it is over; it never fails. */
  readonly ended: Promise<string>;
  /** Whether it joins a stream that runs: that may begin with a burst of pictures that were kept, seconds old. */
  readonly joins?: true;
  /** Asks the camera for a frame, where it gives one only so. */
  readonly trigger?: () => void;
  /** Resolves when the process is gone. */
  stop(): Promise<void>;
}

export type Driver = (hearer: Hearer) => RunningCamera;
