/** The registers of a result: filled with one, or emptied. */
import type { PartMessage } from '../../contract/line.ts';
import type { RegisterImage } from './image.ts';
import { decisionCodes, registers } from './registers.ts';

export function clearResult(image: RegisterImage): void {
  for (const name of ['inspectionId', 'decision', 'sequence'] as const) image.set(name, 0);
  for (const name of ['score', 'threshold'] as const) image.set(name, Number.NaN);
  for (const name of ['resultPart', 'resultId'] as const) image.set(name, '');
}

/** A name that was cut, or whose signs are others, could be that of another part: one that does not fit is not shown. */
const fitting = (name: 'resultPart' | 'resultId', text: string | null): string =>
  text !== null && text.length <= 2 * registers[name].words && /^[\x20-\x7e]*$/.test(text) ? text : '';

export function writeResult(image: RegisterImage, message: PartMessage, inspectionId: number): void {
  const { decision, sequence, score, threshold, part, resultId } = message;
  image.set('inspectionId', inspectionId);
  image.set('decision', decisionCodes[decision]);
  image.set('sequence', sequence);
  image.set('score', score ?? Number.NaN);
  image.set('threshold', threshold ?? Number.NaN);
  image.set('resultPart', fitting('resultPart', part));
  image.set('resultId', fitting('resultId', resultId));
}
