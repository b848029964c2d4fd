/** Records for tests. */
import { newId } from '../../src/station/ids.ts';
import type { NewInspection, NewNotInspected, NewRecipe } from '../../src/station/records/new-records.ts';

export const newRecipe = (): NewRecipe => ({
  id: newId(),
  name: 'rings',
  bundleHash: 'b'.repeat(64),
  detector: 'flow',
  threshold: 0.1 + 0.2,
  review: null,
  rule: 'recall=0.95',
  createdAt: '2026-01-02T03:04:05.006Z',
  figures: null,
  data: { name: 'simulated', split: 'fold 0 of 5', protocol: 'honest' },
  mapUnit: null,
  mapRange: { low: 0, high: 1 },
  judgesBlank: true,
  sizes: null,
  frame: null,
  regions: null,
  combination: null,
  signedBy: null,
});

export const newInspection = (recipe: string, change: Partial<NewInspection> = {}): NewInspection => {
  const id = newId();
  return {
    id,
    resultId: `result-${id}`,
    part: null,
    lot: null,
    product: null,
    recipe,
    revision: 1,
    decision: 'OK',
    reason: null,
    score: 0.25,
    threshold: 0.5,
    review: null,
    millis: 12.5,
    imageHash: 'a'.repeat(64),
    imageStored: false,
    width: 64,
    height: 48,
    createdAt: '2026-02-03T04:05:06.007Z',
    reference: null,
    ...change,
  };
};

export const newNotInspected = (change: Partial<NewNotInspected> = {}): NewNotInspected => ({
  id: newId(),
  decision: 'NOT_INSPECTED',
  cause: 'refused',
  code: 'IMAGE_CORRUPT',
  message: 'the image is truncated',
  resultId: null,
  part: null,
  lot: null,
  product: null,
  recipe: null,
  imageHash: null,
  count: 1,
  millis: 1.5,
  createdAt: '2026-02-03T04:05:06.007Z',
  ...change,
});
