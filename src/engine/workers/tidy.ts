/** Bytes from which memory is worth asking for. */
const LARGE = 32 * 2 ** 20;

/**
 * To be called when arrays of so many bytes are no longer needed: V8 is in no hurry to give their memory back. Does nothing unless Node was started
 * with --expose-gc, as the station's processes are.
 */
export function tidyAfter(bytes: number): void {
  if (bytes >= LARGE) setImmediate(() => globalThis.gc?.());
}
