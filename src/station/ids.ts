/** Ids that sort in the order they were made: UUID version 7 (RFC 9562), 48 bits of milliseconds, then 12 that count within one. */
import { randomBytes } from 'node:crypto';

let lastMillis = 0;
let count = 0;

/** Lower-case hexadecimal with hyphens. Strictly rising within a process, whatever the clock does. */
export function newId(now = Date.now()): string {
  if (now > lastMillis) {
    lastMillis = now;
    count = 0;
  } else if (++count > 0xfff) {
    lastMillis++;
    count = 0;
  }
  const time = lastMillis.toString(16).padStart(12, '0');
  const random = randomBytes(8);
  random[0] = (random[0]! & 0x3f) | 0x80;
  const tail = random.toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count.toString(16).padStart(3, '0')}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}
