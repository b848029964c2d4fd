/**
 * Raw frames of cameras: pixels without a header, whose size and pixel format somebody states, such as '640x480:Mono12p'. A line ahead of the
 * pixels carries the statement from there on, so that whatever takes bytes of image files takes frames as well.
 */
import { extname } from 'node:path';
import { FelfriError } from '../../../core/errors.ts';
import { hasText } from '../signature.ts';
import { type PixelFormatName, pixelFormats } from './pixel-formats.ts';

/** Size and pixel format as text: WIDTHxHEIGHT:FORMAT, where FORMAT is a name of `pixelFormats`. */
export type FrameStatement = string;

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly format: PixelFormatName;
}

/** What the line ahead of the pixels begins with; the statement and a line feed follow. */
export const FRAME_SIGNATURE = 'FELFRI-FRAME ';

/** Of files that are raw frames where a statement says so. */
const frameEndings: ReadonlySet<string> = new Set(['.raw', '.frame', '.bin']);

/** Whether files of this name are raw frames where frames are stated. */
export const isFrameName = (name: string): boolean => frameEndings.has(extname(name).toLowerCase());

/** Throws OPTION_INVALID unless the text states a size of pixels and a known pixel format. */
export function parseFrame(text: FrameStatement): Frame {
  const [, width, height, format] = /^([1-9]\d{0,5})x([1-9]\d{0,5}):(\w+)$/.exec(text.trim()) ?? [];
  if (format === undefined || !Object.hasOwn(pixelFormats, format)) {
    throw new FelfriError(
      'OPTION_INVALID',
      `raw frames: got '${text}'; legal is WIDTHxHEIGHT:FORMAT, such as 640x480:Mono12p, where FORMAT is one of ${Object.keys(pixelFormats).join(', ')}`,
      { subject: 'raw' },
    );
  }
  const frame = { width: Number(width), height: Number(height), format: format as PixelFormatName };
  if (pixelFormats[frame.format].colour.length === 2 && Math.min(frame.width, frame.height) < 2) {
    throw new FelfriError('OPTION_INVALID', `raw frames: got '${text}'; a mosaic has at least 2 x 2 pixels`, {
      subject: 'raw',
    });
  }
  return frame;
}

const isStated = (bytes: Uint8Array): boolean => hasText(bytes, 0, FRAME_SIGNATURE);

/** A frame's bytes with the line ahead that states what they are; themselves where they have one. Throws OPTION_INVALID. */
export function stateFrame(bytes: Uint8Array, statement: FrameStatement): Uint8Array {
  if (isStated(bytes) || bytes.length === 0) return bytes;
  const { width, height, format } = parseFrame(statement);
  return Buffer.concat([Buffer.from(`${FRAME_SIGNATURE}${width}x${height}:${format}\n`, 'latin1'), bytes]);
}

/** The frame that the line states, and its pixels' bytes; `subject` is the name that errors give the image. Throws IMAGE_FRAME. */
export function openFrame(bytes: Uint8Array, subject: string): { readonly frame: Frame; readonly pixels: Uint8Array } {
  const line = Buffer.from(bytes.subarray(FRAME_SIGNATURE.length, 100)).toString('latin1');
  const statement = line.split('\n', 1)[0]!;
  try {
    return { frame: parseFrame(statement), pixels: bytes.subarray(FRAME_SIGNATURE.length + statement.length + 1) };
  } catch (cause) {
    throw new FelfriError('IMAGE_FRAME', `${subject}: ${(cause as Error).message}`, { subject, cause });
  }
}
