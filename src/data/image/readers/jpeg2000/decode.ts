/** The one file that knows the decoder of JPEG 2000: OpenJPEG as WebAssembly. */
import { createRequire } from 'node:module';
import type { Pixels } from '../../raster.ts';
import type { Codestream } from './codestream.ts';

interface Decoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number; isSigned: boolean };
  getDecodedBuffer(): Uint8Array;
  delete(): void;
}

interface OpenJpeg {
  readonly J2KDecoder: new () => Decoder;
}

type Load = (options: { print: () => void; printErr: () => void }) => Promise<OpenJpeg>;

let loaded: Promise<OpenJpeg> | undefined;

async function load(): Promise<OpenJpeg> {
  const silent = (): void => undefined;
  // it is CommonJS and brings no types
  const start = createRequire(import.meta.url)('@cornerstonejs/codec-openjpeg/decodewasmjs') as Load;
  return start({ print: silent, printErr: silent });
}

function valuesOf(bytes: Uint8Array, { bits, signed }: Codestream): Pixels {
  if (bits <= 8 && !signed) return new Uint8Array(bytes);
  const own = new Uint8Array(bytes).buffer;
  if (!signed) return new Uint16Array(own);
  return Float32Array.from(bits <= 8 ? new Int8Array(own) : new Int16Array(own));
}

/** The values of a file that `readCodestream` found whole, interleaved. Throws RangeError for what the decoder gives up on. */
export async function decodeJpeg2000(bytes: Uint8Array, stream: Codestream): Promise<Pixels> {
  loaded ??= load();
  const decoder = new (await loaded).J2KDecoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const { width, height, componentCount, bitsPerSample } = decoder.getFrameInfo();
    const given = [width, height, componentCount, bitsPerSample].join();
    if (given !== [stream.width, stream.height, stream.components, stream.bits].join())
      throw new RangeError('pixels are missing');
    return valuesOf(decoder.getDecodedBuffer(), stream);
  } catch (error) {
    // after a fault its memory is not to be trusted
    loaded = undefined;
    throw error instanceof RangeError ? error : new RangeError('the decoder gave up');
  } finally {
    if (loaded) decoder.delete();
  }
}
