/** How a heat map of felfri's is told from an image of the user's: by a text chunk right behind its header. */

/** The content of that chunk as PNG has it: keyword, zero, text. */
export const heatMapMark = Buffer.from('Software\0felfri heat map', 'latin1');

/** Bytes of signature and IHDR, which come first in every PNG. */
export const PNG_HEAD = 33;

/** First bytes of a file that tell whether it is a heat map. */
export const HEAT_MAP_HEAD = PNG_HEAD + 8 + heatMapMark.length;

/** Whether a file that begins with these bytes is a heat map that felfri wrote. */
export const isHeatMapPng = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.subarray(PNG_HEAD + 8, HEAT_MAP_HEAD)).equals(heatMapMark);
