/** The registers of a result: filled with one, or emptied. */
import type { PartMessage } from '../../contract/line.ts';
import type { RegisterImage } from './image.ts';
import { decisionCodes } from './registers.ts';

export function clearResult(image: RegisterImage): void {
  for (const name of ['inspectionId', 'decision', 'sequence'] as const) image.set(name, 0);
  for (const name of ['score', 'threshold'] as const) image.set(name, Number.NaN);
  for (const name of ['resultPart', 'resultId'] as const) image.set(name, '');
}

export function writeResult(image: RegisterImage, message: PartMessage, inspectionId: number): void {
  const { decision, sequence, score, threshold, part, resultId } = message;
  image.set('inspectionId', inspectionId);
  image.set('decision', decisionCodes[decision]);
  image.set('sequence', sequence);
  image.set('score', score ?? Number.NaN);
  image.set('threshold', threshold ?? Number.NaN);
  image.set('resultPart', part ?? '');
  image.set('resultId', resultId ?? '');
}
