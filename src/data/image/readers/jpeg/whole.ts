/** Whether the scans of a JPEG hold the picture that its frame states. Needs nothing of Node; the page asks it, too. */
import { checkScan } from './scan.ts';
import { type Frame, readSegments, type Scan } from './segments.ts';

/** Frames by Huffman codes, coefficient after coefficient. */
const isSequential = ({ process }: Frame): boolean => process <= 1;

/** The scans of a sequential frame send each component once. */
function checkSequential(bytes: Uint8Array, frame: Frame, scans: readonly Scan[]): void {
  const sent = scans.flatMap(({ components }) => components.map(({ index }) => index));
  if (sent.length !== frame.components.length || new Set(sent).size !== sent.length)
    throw new RangeError('not one scan of each component');
  for (const scan of scans) checkScan(bytes, frame, scan);
}

/** The scans of a progressive frame send every coefficient down to its last bit. The decoder itself says where their bytes do not fit. */
function checkProgressive(frame: Frame, scans: readonly Scan[]): void {
  const open = frame.components.map(() => new Uint8Array(64).fill(1));
  for (const { components, first, last, low } of scans)
    for (const { index } of components) open[index]!.fill(low, first, last + 1);
  if (open.some((bits) => bits.some((low) => low > 0))) throw new RangeError('scans that leave details out');
}

/** Throws RangeError, which says what is wrong. */
export function requireWholeJpeg(bytes: Uint8Array): void {
  const { frame, scans } = readSegments(bytes);
  if (isSequential(frame)) checkSequential(bytes, frame, scans);
  else checkProgressive(frame, scans);
}
