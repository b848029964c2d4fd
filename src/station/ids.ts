/** Ids that sort in the order they were made: UUID version 7 (RFC 9562), 48 bits of milliseconds, then 12 that count within one. */
import { randomBytes } from 'node:crypto';

let lastMillis = 0;
let count = 0;

/** Lets ids go on above one that was made before, though the clock was set back since; what is no such id changes nothing. */
export function goOnAfter(id: string): void {
  const found = /^([0-9a-f]{8})-([0-9a-f]{4})-7([0-9a-f]{3})-/.exec(id);
  if (!found) return;
  const millis = Number.parseInt(found[1]! + found[2]!, 16);
  if (millis < lastMillis) return;
  lastMillis = millis;
  count = Number.parseInt(found[3]!, 16);
}

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
