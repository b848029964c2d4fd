/** Small DICOM files for tests: explicit little endian, one grey frame of 16 bits allocated. */

export interface DicomOptions {
  readonly values: Uint16Array;
  readonly width: number;
  /** As it is stated; that of the values unless told. */
  readonly height?: number;
  readonly stored?: number;
  readonly photometric?: 'MONOCHROME1' | 'MONOCHROME2';
  readonly slope?: number;
  readonly intercept?: number;
  readonly window?: { readonly centre: number; readonly width: number; readonly shape?: string };
}

function element(group: number, number: number, kind: string, value: Uint8Array): Buffer {
  const padded = Buffer.concat([value, Buffer.alloc(value.length % 2, kind === 'UI' || kind === 'OW' ? 0 : 0x20)]);
  const long = kind === 'OW' || kind === 'OB';
  const head = Buffer.alloc(long ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(kind, 4, 'latin1');
  if (long) head.writeUInt32LE(padded.length, 8);
  else head.writeUInt16LE(padded.length, 6);
  return Buffer.concat([head, padded]);
}

const short = (value: number): Uint8Array => new Uint8Array(Uint16Array.of(value).buffer);
const text = (value: string): Uint8Array => Buffer.from(value, 'latin1');

export function dicomBytes(options: DicomOptions): Uint8Array {
  const { values, width, stored = 12, photometric = 'MONOCHROME2', slope = 1, intercept = 0, window } = options;
  const syntax = element(2, 0x10, 'UI', text('1.2.840.10008.1.2.1'));
  const length = element(2, 0, 'UL', new Uint8Array(Uint32Array.of(syntax.length).buffer));
  return Buffer.concat([
    Buffer.alloc(128),
    text('DICM'),
    length,
    syntax,
    element(0x28, 0x02, 'US', short(1)),
    element(0x28, 0x04, 'CS', text(photometric)),
    element(0x28, 0x10, 'US', short(options.height ?? values.length / width)),
    element(0x28, 0x11, 'US', short(width)),
    element(0x28, 0x100, 'US', short(16)),
    element(0x28, 0x101, 'US', short(stored)),
    element(0x28, 0x102, 'US', short(stored - 1)),
    element(0x28, 0x103, 'US', short(0)),
    ...(window
      ? [
          element(0x28, 0x1050, 'DS', text(String(window.centre))),
          element(0x28, 0x1051, 'DS', text(String(window.width))),
        ]
      : []),
    element(0x28, 0x1052, 'DS', text(String(intercept))),
    element(0x28, 0x1053, 'DS', text(String(slope))),
    ...(window?.shape === undefined ? [] : [element(0x28, 0x1056, 'CS', text(window.shape))]),
    element(0x7fe0, 0x10, 'OW', new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  ]);
}
