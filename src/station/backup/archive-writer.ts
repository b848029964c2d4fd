/** Writes a tar file, hashing every file on its way into it. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import { FelfriError } from '../../core/errors.ts';
import { sha256 } from '../../core/files.ts';
import { systemError } from '../../core/system-errors.ts';
import type { BackupList } from './contents.ts';

/** For the account that unpacks it alone. */
const MODE = 0o600;

export class ArchiveWriter {
  /** Of all files so far. */
  readonly files: BackupList['files'] = {};
  readonly #path: string;
  readonly #pack: Pack = pack();
  readonly #written: Promise<void>;
  #failed: unknown;

  /** Makes the file, which must not be there. */
  constructor(path: string) {
    this.#path = path;
    const target = createWriteStream(path, { flags: 'wx', mode: MODE, flush: true });
    this.#written = pipeline(this.#pack, target);
    this.#written.catch((error: unknown) => {
      this.#failed = error;
    });
  }

  /** An entry of known content. */
  async text(name: string, text: string): Promise<void> {
    await this.#entry(name, Buffer.byteLength(text), async (sink) => void sink.end(text));
  }

  /** Adds a file as long as it is now; false where it is gone. Throws PATH_UNUSABLE, also where it became shorter meanwhile. */
  async file(name: string, path: string): Promise<boolean> {
    let source: FileHandle;
    try {
      source = await open(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw systemError(error, path) ?? error;
    }
    try {
      const { size, mtime } = await source.stat();
      this.files[name] = { bytes: size, sha256: await this.#copy(name, source, { size, mtime, path }) };
      return true;
    } finally {
      await source.close();
    }
  }

  async #copy(
    name: string,
    source: FileHandle,
    { size, mtime, path }: { size: number; mtime: Date; path: string },
  ): Promise<string> {
    if (size === 0) {
      await this.text(name, '');
      return sha256('');
    }
    const hash = createHash('sha256');
    let bytes = 0;
    const count = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
      // tar's entry has the length that its head says
      if (bytes < size)
        throw new FelfriError('PATH_UNUSABLE', `${path}: became shorter while it was copied; make the backup again`, {
          subject: path,
        });
    };
    const chunks = source.createReadStream({ start: 0, end: size - 1, autoClose: false });
    await this.#entry(name, size, (sink) => pipeline(chunks, count, sink), mtime);
    return hash.digest('hex');
  }

  #entry(
    name: string,
    size: number,
    fill: (sink: NodeJS.WritableStream) => Promise<void>,
    mtime = new Date(),
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      // a full disk ends the file, and then nobody takes what is put in
      this.#written.catch((error: unknown) => reject(systemError(error, this.#path) ?? error));
      const sink = this.#pack.entry({ name, size, mode: MODE, mtime, type: 'file' }, (error) =>
        error ? reject(error) : resolve(),
      );
      fill(sink).catch(reject);
    });
  }

  /** Ends the file, which is on the disk then. Throws DISK_FULL or PATH_UNUSABLE. */
  async end(): Promise<void> {
    this.#pack.finalize();
    await this.#written.catch((error: unknown) => {
      throw systemError(error, this.#path) ?? error;
    });
  }

  /** Gives it up. */
  async abandon(): Promise<void> {
    if (this.#failed === undefined) this.#pack.destroy();
    await this.#written.catch(() => undefined);
  }
}
