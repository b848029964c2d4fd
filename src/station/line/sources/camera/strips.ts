/** Line-scan: strips that follow each other joined to one part, and cut into patches that overlap, so that a defect at an edge is whole in one. */
import { FelfriError } from '../../../../core/errors.ts';
import { packings } from '../../../../data/image/raw/packings.ts';
import { pixelFormats } from '../../../../data/image/raw/pixel-formats.ts';
import { FRAME_SIGNATURE, openFrame } from '../../../../data/image/raw/stated-frame.ts';
import type { FrameMeta } from './driver.ts';
import type { CameraSettings } from './settings.ts';

export type StripSettings = Pick<CameraSettings, 'partLines' | 'patchLines' | 'patchOverlap'>;

/** A frame as lines of bytes. */
interface Strip {
  readonly lines: number;
  readonly lineBytes: number;
  readonly pixels: Uint8Array;
  /** What stands ahead of so many lines. */
  readonly head: (lines: number) => string;
}

const refuse = (why: string): FelfriError => new FelfriError('IMAGE_FRAME', why);

/** Of PGM and PPM as ffmpeg writes them, and of raw frames. Throws IMAGE_FRAME. */
function stripOf(bytes: Uint8Array): Strip {
  const [head, kind, width, height] =
    /^P([56])\n(\d+) (\d+)\n255\n/.exec(Buffer.from(bytes.subarray(0, 40)).toString('latin1')) ?? [];
  if (head !== undefined) {
    const lineBytes = Number(width) * (kind === '5' ? 1 : 3);
    const pixels = bytes.subarray(head.length);
    const of = (lines: number): string => `P${kind}\n${width} ${lines}\n255\n`;
    return { lines: Number(height), lineBytes, pixels, head: of };
  }
  const { frame, pixels } = openFrame(bytes, 'the strip');
  const { bits, packing, colour } = pixelFormats[frame.format];
  const isMosaic = /^[RGB]{2}$/.test(colour);
  const lineBytes = (frame.width * (/^(rgb|bgr)$/.test(colour) ? 3 : 1) * packings[packing].stride(bits)) / 8;
  if (!Number.isInteger(lineBytes)) throw refuse(`lines of ${frame.width} pixels of ${frame.format} end within a byte`);
  if (isMosaic && frame.height % 2 === 1)
    throw refuse(`strips of ${frame.height} lines break the mosaic of ${frame.format}`);
  const of = (lines: number): string => `${FRAME_SIGNATURE}${frame.width}x${lines}:${frame.format}\n`;
  return { lines: frame.height, lineBytes, pixels, head: of };
}

/** First lines of patches that cover all lines, the last flush with the end. */
export function patchStarts(all: number, patch: number, overlap: number): number[] {
  if (patch === 0 || patch >= all) return [0];
  const starts: number[] = [];
  for (let start = 0; start + patch < all; start += patch - overlap) starts.push(start);
  return [...starts, all - patch];
}

export class Strips {
  readonly #settings: StripSettings;
  #strips: Strip[] = [];
  #lastId: number | null = null;

  constructor(settings: StripSettings) {
    this.#settings = settings;
  }

  get isEmpty(): boolean {
    return this.#strips.length === 0;
  }

  /** The patches, once all lines of a part are there; null before. Throws IMAGE_FRAME where a strip is missing or another; then it begins anew. */
  add(bytes: Uint8Array<ArrayBuffer>, { id }: FrameMeta): readonly Uint8Array<ArrayBuffer>[] | null {
    const { partLines } = this.#settings;
    if (partLines === 0) return [bytes];
    try {
      if (this.#lastId !== null && id !== this.#lastId + 1) throw refuse(`strips are missing before frame ${id}`);
      const strip = stripOf(bytes);
      if (strip.pixels.length !== strip.lines * strip.lineBytes) throw refuse(`strip ${id} is not whole`);
      const [first] = this.#strips;
      if (first && first.head(1) !== strip.head(1)) throw refuse('strips of a part differ in width or format');
      this.#strips.push(strip);
      this.#lastId = id;
    } catch (error) {
      this.#clear();
      throw error;
    }
    const lines = this.#strips.reduce((sum, strip) => sum + strip.lines, 0);
    return lines < partLines ? null : this.#cut(partLines);
  }

  #cut(all: number): Uint8Array<ArrayBuffer>[] {
    const { patchLines, patchOverlap } = this.#settings;
    const { lineBytes, head } = this.#strips[0]!;
    const joined = Buffer.concat(this.#strips.map(({ pixels }) => pixels));
    this.#clear();
    return patchStarts(all, patchLines, patchOverlap).map((start) => {
      const lines = patchLines === 0 ? all : Math.min(patchLines, all);
      const pixels = joined.subarray(start * lineBytes, (start + lines) * lineBytes);
      const ahead = Buffer.from(head(lines), 'latin1');
      const patch = new Uint8Array(ahead.length + pixels.length);
      patch.set(ahead);
      patch.set(pixels, ahead.length);
      return patch;
    });
  }

  #clear(): void {
    this.#strips = [];
    this.#lastId = null;
  }
}
