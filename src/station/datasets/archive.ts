/** A data set as one tar file, made while it is sent: what `felfri train` and `felfri data convert` read once it is unpacked. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Pack, pack } from 'tar-stream';
import type { DataSetFolder } from './data-set-folder.ts';

/** Rejects where whoever reads it has gone. */
function entry(archive: Pack, name: string, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    archive.once('close', reject);
    const sink = archive.entry({ name, size: bytes.length, mode: 0o644 }, (error) => {
      archive.off('close', reject);
      if (error) reject(error);
      else resolve();
    });
    sink.end(bytes);
  });
}

/** One file is in memory at a time. A file that cannot be read breaks the archive off, so that half of a data set is never taken for all of it. */
export function archiveOf(set: DataSetFolder): Readable {
  const archive = pack();
  const write = async (): Promise<void> => {
    for (const file of set.files()) await entry(archive, `${set.id}/${file}`, await readFile(join(set.path, file)));
    archive.finalize();
  };
  write().catch((error: Error) => archive.destroy(error));
  return archive;
}
