/** The bytes of image files, with a coded error for each way in which a file cannot be opened. */
import { readFile, stat } from 'node:fs/promises';
import { FelfriError } from '../../core/errors.ts';
import { formatOf } from './formats.ts';
import { type FrameStatement, isFrameName, stateFrame } from './raw/stated-frame.ts';
import { corruptImage } from './refusals.ts';

function fileError(subject: string, cause: NodeJS.ErrnoException): unknown {
  switch (cause.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      // Node puts U+FFFD where a name's bytes are not UTF-8, and then cannot find the file by that name
      return subject.includes('\uFFFD')
        ? new FelfriError('IMAGE_NAME', `${subject}: the file name is not valid UTF-8; rename the file`, {
            subject,
            cause,
          })
        : new FelfriError('IMAGE_MISSING', `${subject}: there is no such file; check the path`, { subject, cause });
    case 'EACCES':
    case 'EPERM':
    case 'ELOOP':
    case 'ENAMETOOLONG':
    case 'ERR_INVALID_ARG_VALUE':
      return new FelfriError(
        'IMAGE_MISSING',
        `${subject}: the file cannot be opened (${cause.code}); check the path and its permissions`,
        {
          subject,
          cause,
        },
      );
    case 'EIO':
      return corruptImage(subject, cause);
    case 'ERR_FS_FILE_TOO_LARGE':
      return new FelfriError(
        'IMAGE_TOO_LARGE',
        `${subject}: the file is larger than 2 GiB; cut the image into pieces`,
        {
          subject,
          cause,
        },
      );
    default:
      return cause;
  }
}

/**
 * The bytes of an image file. Where `raw` states what raw frames are, files of their endings get it as the line ahead. Throws IMAGE_MISSING,
 * IMAGE_NAME, IMAGE_IS_DIRECTORY or IMAGE_FORMAT (no regular file).
 */
export async function readImageBytes(path: string, raw?: FrameStatement): Promise<Uint8Array> {
  const bytes = await bytesOf(path);
  // what is in a file tells before its name does
  return raw !== undefined && isFrameName(path) && formatOf(bytes) === undefined ? stateFrame(bytes, raw) : bytes;
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) {
      throw new FelfriError('IMAGE_IS_DIRECTORY', `${path}: a directory, not an image; name the files in it`, {
        subject: path,
      });
    }
    // a pipe or device could block for ever
    if (!found.isFile()) {
      throw new FelfriError('IMAGE_FORMAT', `${path}: not a regular file; give the path of an image file`, {
        subject: path,
      });
    }
    return await readFile(path);
  } catch (error) {
    throw fileError(path, error as NodeJS.ErrnoException);
  }
}
