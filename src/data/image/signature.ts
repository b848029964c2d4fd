/** What the first bytes of a file say. */

/** A test whether bytes begin with one of some patterns, a character for a byte; '?' stands for any byte. */
export function startsWith(...patterns: readonly string[]): (bytes: Uint8Array) => boolean {
  return (bytes) => patterns.some((pattern) => hasText(bytes, 0, pattern));
}

/** Whether `text` stands at `offset`, a character for a byte; '?' stands for any byte. */
export function hasText(bytes: Uint8Array, offset: number, text: string): boolean {
  if (bytes.length < offset + text.length) return false;
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '?' && bytes[offset + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}
