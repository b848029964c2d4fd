/**
 * Modbus requests answered from the registers (Modbus Application Protocol V1.1b3): functions 3, 4, 6, 16 and 23. Own code, since both servers
 * of npm fail the handshake: jsmodbus 5.0.0 answers a read beyond the end with fewer values and success, and can end the process by a write;
 * modbus-serial 8.0.25 brings a native driver along and stays silent to other unit ids. A request is carried out whole or not at all.
 */
import { areWritable, type RegisterImage } from './image.ts';

const MOST_READ = 125;
const MOST_WRITTEN = 123;
const MOST_WRITTEN_OF_BOTH = 121;

class ModbusException extends Error {
  readonly code: 1 | 2 | 3;

  constructor(code: 1 | 2 | 3) {
    super(`Modbus exception ${code}`);
    this.code = code;
  }
}

const require = (holds: boolean, code: 1 | 2 | 3): void => {
  if (!holds) throw new ModbusException(code);
};

function read(image: RegisterImage, address: number, count: number): Buffer {
  require(count >= 1 && count <= MOST_READ, 3);
  require(address + count <= image.words.length, 2);
  const answer = Buffer.alloc(1 + 2 * count);
  answer[0] = 2 * count;
  for (let i = 0; i < count; i++) answer.writeUInt16BE(image.words[address + i]!, 1 + 2 * i);
  return answer;
}

function write(image: RegisterImage, address: number, values: Buffer): void {
  require(areWritable(address, values.length / 2), 2);
  for (let i = 0; i < values.length / 2; i++) image.words[address + i] = values.readUInt16BE(2 * i);
}

/** Values of a write, whose count is told twice. */
function valuesOf(body: Buffer, at: number, most: number): Buffer {
  require(body.length > at + 2, 3);
  const count = body.readUInt16BE(at);
  const bytes = body[at + 2]!;
  require(count >= 1 && count <= most && bytes === 2 * count && body.length === at + 3 + bytes, 3);
  return body.subarray(at + 3);
}

type Served = (image: RegisterImage, body: Buffer) => Buffer;

const readRegisters: Served = (image, body) => {
  require(body.length === 4, 3);
  return read(image, body.readUInt16BE(0), body.readUInt16BE(2));
};

const functions: Readonly<Record<number, Served>> = {
  3: readRegisters,
  4: readRegisters,
  6: (image, body) => {
    require(body.length === 4, 3);
    write(image, body.readUInt16BE(0), body.subarray(2));
    return body;
  },
  16: (image, body) => {
    require(body.length >= 2, 3);
    write(image, body.readUInt16BE(0), valuesOf(body, 2, MOST_WRITTEN));
    return body.subarray(0, 4);
  },
  // writes first, then reads
  23: (image, body) => {
    require(body.length >= 6, 3);
    const values = valuesOf(body, 6, MOST_WRITTEN_OF_BOTH);
    read(image, body.readUInt16BE(0), body.readUInt16BE(2));
    write(image, body.readUInt16BE(4), values);
    return read(image, body.readUInt16BE(0), body.readUInt16BE(2));
  },
};

/** The answer to a request of function and body; `hasWritten` says that registers may have changed. */
export function answerTo(image: RegisterImage, pdu: Buffer): { readonly answer: Buffer; readonly hasWritten: boolean } {
  const code = pdu[0]!;
  try {
    const served = functions[code];
    if (!served) throw new ModbusException(1);
    return {
      answer: Buffer.concat([pdu.subarray(0, 1), served(image, pdu.subarray(1))]),
      hasWritten: code !== 3 && code !== 4,
    };
  } catch (error) {
    if (!(error instanceof ModbusException)) throw error;
    return { answer: Buffer.from([code | 0x80, error.code]), hasWritten: false };
  }
}
