/** Files that were dropped or chosen, those in folders too, with their paths. */
import type { SentFile } from './upload-plan.ts';

/** Of an entry of a drop; a folder gives its entries some hundred at a time. */
async function within(entry: FileSystemEntry, path: string): Promise<SentFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((done, failed) => (entry as FileSystemFileEntry).file(done, failed));
    return [{ path, file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: SentFile[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) return found;
    for (const one of some) found.push(...(await within(one, `${path}/${one.name}`)));
  }
}

export async function droppedFiles({ items, files }: DataTransfer): Promise<SentFile[]> {
  // entries are gone with the event, so that all are taken at once
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return [...files].map((file) => ({ path: file.name, file }));
  return (await Promise.all(entries.map((entry) => within(entry, entry.name)))).flat();
}

export const chosenFiles = (files: FileList | null): SentFile[] =>
  [...(files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
