import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../test/support/folder.ts';
import { writeFileAtomic } from './files.ts';
import { realPathOf, requireWritableFile, requireWritableFolder } from './outputs.ts';
import { systemError } from './system-errors.ts';

const folder = temporaryFolders();
const unusable = expect.objectContaining({ code: 'PATH_UNUSABLE' });

async function prepared(): Promise<string> {
  const root = await folder();
  await writeFile(join(root, 'file'), 'x');
  await mkdir(join(root, 'folder'));
  return root;
}

describe('a place to write to', () => {
  it('is refused at once where a file stands in the way, however deep', async () => {
    const root = await prepared();
    for (const path of ['file', 'file/a', 'file/a/b'])
      await expect(requireWritableFolder(join(root, path)), path).rejects.toEqual(unusable);
    for (const path of ['file/report.html', 'file/a/report.html', 'folder'])
      await expect(requireWritableFile(join(root, path)), path).rejects.toEqual(unusable);
    await requireWritableFolder(join(root, 'folder'));
    await requireWritableFolder(join(root, 'new/deep'));
    await requireWritableFile(join(root, 'new/deep/report.html'));
  });

  it('keeps a file that felfri did not write, unless it is told', async () => {
    const root = await prepared();
    const path = join(root, 'file');
    const isOwn = (bytes: Uint8Array): boolean => Buffer.from(bytes).includes('felfri');
    await expect(requireWritableFile(path, { isOwn })).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    await requireWritableFile(path, { isOwn, overwrite: true });
    await writeFile(path, 'by felfri');
    await requireWritableFile(path, { isOwn });
    await expect(requireWritableFile(path)).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(await readFile(path, 'utf8')).toBe('by felfri');
  });

  it('is refused where a link stands that leads nowhere, also when all may be replaced', async () => {
    const root = await prepared();
    await symlink(join(root, 'drive'), join(root, 'away'));
    for (const path of ['away', 'away/deep']) {
      await expect(requireWritableFolder(join(root, path)), path).rejects.toEqual(unusable);
      await expect(requireWritableFile(join(root, path), { overwrite: true }), path).rejects.toEqual(unusable);
    }
  });

  it('is the same by every way that leads to it, also when it is not there yet', async () => {
    const root = await prepared();
    await symlink(join(root, 'folder'), join(root, 'link'));
    const real = await realPathOf(join(root, 'folder'));
    expect(await realPathOf(join(root, 'link'))).toBe(real);
    expect(await realPathOf(join(root, 'link/new/deep'))).toBe(join(real, 'new/deep'));
  });
});

describe('an error of the system', () => {
  it('names the path that was asked for, not a temporary one', async () => {
    const root = await prepared();
    const inFile = writeFileAtomic(join(root, 'file/a.txt'), 'x');
    await expect(inFile).rejects.toMatchObject({ code: 'PATH_UNUSABLE', subject: join(root, 'file') });
    const onFolder = writeFileAtomic(join(root, 'folder'), 'x');
    await expect(onFolder).rejects.toMatchObject({ code: 'PATH_UNUSABLE', subject: join(root, 'folder') });
  });

  it('has a code where the file system refuses, and none of its own where something else is wrong', () => {
    const of = (code: string, syscall: string, path?: string) =>
      Object.assign(new Error(code), { code, syscall, path });
    for (const code of ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'ENOTEMPTY', 'EEXIST', 'ENAMETOOLONG', 'EIO'])
      expect(systemError(of(code, 'open', '/x')), code).toMatchObject({ code: 'PATH_UNUSABLE', subject: '/x' });
    expect(systemError(of('ENOSPC', 'write'))).toMatchObject({ code: 'DISK_FULL' });
    expect(systemError(of('ECONNREFUSED', 'connect'))).toBeUndefined();
    expect(systemError(new TypeError('x is undefined'))).toBeUndefined();
    expect(systemError(undefined)).toBeUndefined();
  });
});
