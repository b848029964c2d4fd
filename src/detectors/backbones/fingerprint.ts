/** One hash over everything that determines a backbone's numbers. */
import { createHash } from 'node:crypto';
import type { NamedTensors } from '../../core/tensor.ts';

/** Lower-case hexadecimal SHA-256 over facts (as JSON) and tensors (names, shapes and bytes, in their order). */
export function fingerprintOf(facts: unknown, tensors: NamedTensors = new Map()): string {
  const hash = createHash('sha256').update(JSON.stringify(facts));
  for (const [name, { shape, data }] of tensors) {
    hash.update(`\0${name}[${shape}]`);
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}
