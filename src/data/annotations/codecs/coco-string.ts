/**
 * COCO's compressed run lengths: each count, from the fourth on less the one before the last, in groups of five bits, least
 * first, as characters from '0' on; a group's sixth bit says that another follows.
 */

/** Counts of a compressed string, or undefined when it is none. */
export function decodeCocoString(text: string): number[] | undefined {
  const counts: number[] = [];
  for (let at = 0; at < text.length; ) {
    let value = 0;
    let bits = 0;
    let more = true;
    while (more) {
      const group = text.charCodeAt(at++) - 48;
      // a count of 32 bits takes seven groups at most
      if (!(group >= 0 && group < 64) || bits > 30) return undefined;
      value += (group & 31) * 2 ** bits;
      bits += 5;
      more = (group & 32) !== 0;
      if (!more && (group & 16) !== 0) value -= 2 ** bits;
    }
    counts.push(counts.length > 2 ? value + counts.at(-2)! : value);
  }
  return counts;
}

export function encodeCocoString(counts: readonly number[]): string {
  let text = '';
  for (const [i, count] of counts.entries()) {
    let rest = i > 2 ? count - counts[i - 2]! : count;
    for (;;) {
      const group = rest & 31;
      rest >>= 5;
      const more = (group & 16) !== 0 ? rest !== -1 : rest !== 0;
      text += String.fromCharCode(48 + group + (more ? 32 : 0));
      if (!more) break;
    }
  }
  return text;
}
