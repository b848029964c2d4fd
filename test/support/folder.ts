/**
 * A folder of its own for a test file, filled with small made images, and removed afterwards.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll } from 'vitest';
import { folderPlace, folderPrefix } from './memory-disk.ts';

/** A function that gives a new folder at each call; all are removed when the test file ends. */
export function temporaryFolders(): () => Promise<string> {
  const made: string[] = [];
  afterAll(async () => {
    for (const path of made) await rm(path, { recursive: true, force: true });
  });
  return async () => {
    const path = await mkdtemp(join(folderPlace(), folderPrefix));
    made.push(path);
    return path;
  };
}

/** PNG bytes of one grey value. */
export function plainPng(value: number, width = 8, height = 6): Promise<Buffer> {
  return sharp(new Uint8Array(width * height).fill(value), { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}

/** Writes files below a folder: a number is a plain PNG of that grey value, anything else the content itself. */
export async function writeTree(
  root: string,
  files: Readonly<Record<string, number | string | Uint8Array>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, typeof content === 'number' ? await plainPng(content) : content);
  }
}
