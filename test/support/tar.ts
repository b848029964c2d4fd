/** Unpacks tar files that a test was sent. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';

export async function unpackTar(bytes: Uint8Array, folder: string): Promise<void> {
  for await (const entry of Readable.from([bytes]).pipe(extract())) {
    const path = join(folder, entry.header.name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await buffer(entry));
  }
}
