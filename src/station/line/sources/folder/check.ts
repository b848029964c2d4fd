/** Whether a folder can be read, and files moved within it where they are to be. */
import { constants } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import { FelfriError } from '../../../../core/errors.ts';
import { scan } from './scan.ts';
import type { FolderSettings } from './settings.ts';

/** Throws SOURCE_LOST. */
export async function checkFolder({ path, names, raw, after }: FolderSettings): Promise<string> {
  try {
    const root = await realpath(path);
    const { files } = await scan(root, { depth: names.split('/').length - 1, isRaw: raw !== '' });
    if (after === 'move') await access(root, constants.W_OK);
    const may = after === 'move' ? ', and files can be moved there' : '';
    return `${files.length} image files lie in ${path}${may}`;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why =
      code === 'EACCES' || code === 'EROFS' ? `${code}; with "after": "keep" it need not be written` : message;
    throw new FelfriError('SOURCE_LOST', `${path} cannot be used: ${why}`, { cause });
  }
}
