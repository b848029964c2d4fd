/** Room on the disk that is the line's: what people send to be kept beside it is refused before it takes that. */
import { statfs } from 'node:fs/promises';
import { FelfriError } from '../../core/errors.ts';

const MIB = 2 ** 20;
/** At most so many bytes, and of a small disk a tenth. */
const RESERVE = 256 * MIB;
/** After so many bytes it is looked at again. */
const LOOK_BYTES = 8 * MIB;

/** Throws DISK_FULL where so many more bytes would leave less than the reserve. */
export async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, blocks, bsize } = await statfs(folder);
  const reserve = Math.min(RESERVE, (blocks * bsize) / 10);
  if (bavail * bsize - bytes >= reserve) return;
  throw new FelfriError(
    'DISK_FULL',
    `the data folder: what is left on its disk is kept for the line (${Math.round(reserve / MIB)} MiB); free some, and send it again`,
    { subject: 'the data folder' },
  );
}

/** Passes on what is received into a folder, bounded in all, and while there is room. */
export class Received {
  readonly #folder: string;
  readonly #mostBytes: number;
  #bytes = 0;
  #looked = Number.NEGATIVE_INFINITY;

  constructor(folder: string, mostBytes: number) {
    this.#folder = folder;
    this.#mostBytes = mostBytes;
  }

  /** Throws REQUEST_TOO_LARGE and DISK_FULL. */
  async *pass(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of content) {
      this.#bytes += chunk.length;
      if (this.#bytes > this.#mostBytes) {
        const why = `all files together have more than ${this.#mostBytes} bytes, the most that a bundle may have`;
        throw new FelfriError('REQUEST_TOO_LARGE', why);
      }
      if (this.#bytes - this.#looked > LOOK_BYTES) {
        this.#looked = this.#bytes;
        await requireRoom(this.#folder, chunk.length);
      }
      yield chunk;
    }
  }
}
