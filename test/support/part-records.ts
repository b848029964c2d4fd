/** Records of parts as the page gets them. */
import type { Inspection } from '../../src/station/contract/inspections.ts';
import type { NotInspected } from '../../src/station/contract/not-inspected.ts';

const createdAt = '2026-03-01T09:00:00.000Z';

export const okPart = (change: Partial<Inspection> = {}): Inspection => ({
  id: 'i',
  resultId: 'r',
  part: 'P-1',
  lot: null,
  product: null,
  recipe: 'x',
  revision: 1,
  decision: 'OK',
  reason: null,
  score: 0.1,
  threshold: 0.5,
  review: null,
  millis: 5,
  imageHash: 'h',
  imageStored: false,
  width: 1,
  height: 1,
  reference: null,
  createdAt,
  feedback: null,
  ...change,
});

export const missedPart = (change: Partial<NotInspected> = {}): NotInspected => ({
  id: 'n',
  decision: 'NOT_INSPECTED',
  cause: 'refused',
  code: 'IMAGE_CORRUPT',
  message: 'm',
  resultId: null,
  part: null,
  lot: null,
  product: null,
  recipe: null,
  imageHash: null,
  count: 1,
  millis: 1,
  createdAt,
  decidedAs: null,
  ...change,
});
