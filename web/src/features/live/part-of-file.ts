/** The part that a file shows, by the file's name: what stands before its ending. */

/** As many letters as the station takes. */
const LONGEST = 100;

export function partOfFile(name: string): string {
  return name
    .replace(/\.[A-Za-z0-9]{1,5}$/, '')
    .trim()
    .slice(0, LONGEST);
}
