/** The registers' present values. */
import { REGISTERS, type RegisterName, registerRows, registers } from './registers.ts';

export type WordOrder = 'high-first' | 'low-first';

export class RegisterImage {
  readonly words = new Uint16Array(REGISTERS);
  readonly #order: WordOrder;

  /** `order` is that of the two words of a number of 32 bits; nothing on the wire tells it. */
  constructor(order: WordOrder) {
    this.#order = order;
  }

  #setPair(address: number, high: number, low: number): void {
    const pair = this.#order === 'high-first' ? [high, low] : [low, high];
    this.words.set(pair, address);
  }

  /** Texts in ASCII, two signs a register, the first in the high byte, zeros behind; other signs become `?`. */
  set(name: RegisterName, value: number | string): void {
    const { address, type, words } = registers[name];
    if (type === 'text') {
      const bytes = Buffer.alloc(2 * words);
      bytes.write(
        String(value)
          .replace(/[^\x20-\x7e]/gu, '?')
          .slice(0, 2 * words),
        'latin1',
      );
      for (let i = 0; i < words; i++) this.words[address + i] = bytes.readUInt16BE(2 * i);
    } else if (type === 'uint32')
      this.#setPair(address, Math.floor(Number(value) / 65_536) & 0xffff, Number(value) & 0xffff);
    else if (type === 'float32') {
      const bytes = Buffer.alloc(4);
      bytes.writeFloatBE(Number(value));
      this.#setPair(address, bytes.readUInt16BE(0), bytes.readUInt16BE(2));
    } else this.words[address] = Number(value);
  }

  word(name: RegisterName): number {
    return this.words[registers[name].address]!;
  }

  text(name: RegisterName): string {
    const { address, words } = registers[name];
    const bytes = Buffer.alloc(2 * words);
    for (let i = 0; i < words; i++) bytes.writeUInt16BE(this.words[address + i]!, 2 * i);
    const text = bytes.toString('latin1').replace(/\0.*$/s, '');
    return text.replace(/\p{Cc}/gu, '?').trim();
  }
}

/** Whether a controller may write all of these. */
export function areWritable(address: number, count: number): boolean {
  const written = registerRows.filter(({ by }) => by === 'controller');
  const isOne = (at: number): boolean => written.some((row) => at >= row.address && at < row.address + row.words);
  return Array.from({ length: count }, (_, i) => isOne(address + i)).every(Boolean);
}
