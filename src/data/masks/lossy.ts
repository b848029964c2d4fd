/** Whether a mask's file format changes values when it is saved: around every edge there is noise then that nobody drew. */

const COMPRESSION = 259;
const lossyCompressions = new Set([6, 7, 34892, 50001, 50002]);

/** The compression that a TIFF's first page states; 1 (none) where it says nothing. BigTIFF, which nobody uses for masks, counts as lossless. */
function tiffCompression(bytes: Buffer): number {
  const little = bytes.toString('latin1', 0, 4) === 'II*\0';
  if (!little && bytes.toString('latin1', 0, 4) !== 'MM\0*') return 1;
  const short = (at: number): number => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const directory = little ? bytes.readUInt32LE(4) : bytes.readUInt32BE(4);
  for (let i = 0; i < short(directory); i++) {
    const entry = directory + 2 + i * 12;
    if (short(entry) === COMPRESSION) return short(entry + 8);
  }
  return 1;
}

/** Of bytes that the decoder has read without complaint, in the format that it names. */
export function isLossy(bytes: Uint8Array, format: string): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (format === 'jpeg') return true;
  // 'VP8L' is WebP's lossless kind, and may lie behind an extended header
  if (format === 'webp') return !buffer.subarray(0, 4096).includes('VP8L');
  return format === 'tiff' && lossyCompressions.has(tiffCompression(buffer));
}
