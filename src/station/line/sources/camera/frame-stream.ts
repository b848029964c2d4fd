/** Frames out of a pipe: a short head of text that says how many bytes follow, then these, again and again; no copy but the one out of the pipe. */

/** What a head says. */
interface Head<M> {
  /** What stands ahead of the bytes in the image. */
  readonly ahead: Uint8Array;
  /** Bytes that follow. */
  readonly length: number;
  readonly meta: M;
}

export interface FrameFormat<M> {
  /** Lines of a head. */
  readonly lines: number;
  /** Throws where the text is no head. */
  readonly parse: (text: string) => Head<M>;
}

const MOST_HEAD = 1000;
/** Of images that a station inspects unless told; larger frames of a camera are not even read. */
export const USUAL_PIXELS = 50_000_000;
const LINE_FEED = 0x0a;

export class FrameStream<M> {
  readonly #format: FrameFormat<M>;
  readonly #take: (bytes: Uint8Array<ArrayBuffer>, meta: M) => boolean;
  readonly #mostBytes: number;
  #text: number[] = [];
  #lines = 0;
  #meta: M | undefined;
  #bytes: Uint8Array<ArrayBuffer> | undefined;
  #length = 0;
  /** Of a frame that nobody kept: the next one may have it. */
  #spare: Uint8Array<ArrayBuffer> | undefined;

  /** `take` says whether it keeps the bytes; a frame has no more than `mostBytes`. */
  constructor(format: FrameFormat<M>, take: (bytes: Uint8Array<ArrayBuffer>, meta: M) => boolean, mostBytes: number) {
    this.#mostBytes = mostBytes;
    this.#format = format;
    this.#take = take;
  }

  /** Throws where what comes is no frame; then nothing more can be told apart. */
  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) at = this.#bytes ? this.#fill(chunk, at) : this.#head(chunk, at);
  }

  #head(chunk: Uint8Array, from: number): number {
    let at = from;
    while (at < chunk.length && this.#lines < this.#format.lines) {
      const byte = chunk[at++]!;
      this.#text.push(byte);
      if (byte === LINE_FEED) this.#lines++;
      if (this.#text.length > MOST_HEAD) throw new Error('what comes is no frame');
    }
    if (this.#lines < this.#format.lines) return at;
    const { ahead, length, meta } = this.#format.parse(Buffer.from(this.#text).toString('latin1'));
    if (length > this.#mostBytes)
      throw new Error(
        `a frame has ${length} bytes; legal are up to ${this.#mostBytes}: set the camera to a smaller size`,
      );
    const whole = ahead.length + length;
    this.#bytes = this.#spare?.length === whole ? this.#spare : new Uint8Array(whole);
    this.#spare = undefined;
    this.#bytes.set(ahead);
    this.#length = ahead.length;
    this.#meta = meta;
    this.#text = [];
    this.#lines = 0;
    if (this.#length === whole) this.#done();
    return at;
  }

  #fill(chunk: Uint8Array, at: number): number {
    const bytes = this.#bytes!;
    const end = Math.min(chunk.length, at + bytes.length - this.#length);
    bytes.set(chunk.subarray(at, end), this.#length);
    this.#length += end - at;
    if (this.#length === bytes.length) this.#done();
    return end;
  }

  #done(): void {
    const bytes = this.#bytes!;
    this.#bytes = undefined;
    if (!this.#take(bytes, this.#meta!)) this.#spare = bytes;
  }
}
