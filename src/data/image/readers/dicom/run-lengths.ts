/** RLE Lossless of DICOM (PS3.5 annex G): byte planes, each packed by run lengths, the high byte of a value first. */

function unpack(bytes: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let to = 0;
  for (let at = 0; at + 1 < bytes.length && to < length; ) {
    const count = bytes[at]!;
    if (count < 128) {
      if (at + 1 + count >= bytes.length) break;
      out.set(bytes.subarray(at + 1, at + 2 + Math.min(count, length - to - 1)), to);
      to += count + 1;
      at += count + 2;
    } else {
      // 128 stands for nothing
      if (count > 128) {
        out.fill(bytes[at + 1]!, to, to + 257 - count);
        to += 257 - count;
      }
      at += count > 128 ? 2 : 1;
    }
  }
  if (to < length) throw new RangeError(`run lengths for ${to} of ${length} bytes`);
  return out;
}

/** Bytes of `samples` values of one or two bytes a pixel, low byte first, interleaved. Throws RangeError unless all of them are there. */
export function unpackRunLengths(bytes: Uint8Array, pixels: number, samples: number, size: 1 | 2): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const planes = samples * size;
  if (view.getUint32(0, true) !== planes) throw new RangeError(`${view.getUint32(0, true)} planes, not ${planes}`);
  // a pair of bytes stands for 128 at most
  if (pixels * planes > 64 * bytes.length) throw new RangeError(`${bytes.length} bytes for ${pixels} pixels`);
  const out = new Uint8Array(pixels * planes);
  for (let plane = 0; plane < planes; plane++) {
    const start = view.getUint32(4 + 4 * plane, true);
    const end = plane + 1 < planes ? view.getUint32(8 + 4 * plane, true) : bytes.length;
    if (start < 64 || end < start || end > bytes.length) throw new RangeError(`a plane from ${start} to ${end}`);
    const values = unpack(bytes.subarray(start, end), pixels);
    const sample = Math.floor(plane / size);
    const at = sample * size + (size - 1 - (plane % size));
    for (let i = 0; i < pixels; i++) out[i * planes + at] = values[i]!;
  }
  return out;
}
