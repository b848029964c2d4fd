/** Examples for OpenAPI and docs/http-api.md, by the name of their shape; a test holds them to it. */
import type { ErrorBody } from './common.ts';
import type { FeedbackRequest, Inspection } from './inspections.ts';
import type { Recipe, ThresholdChange } from './recipes.ts';
import type { Readiness, StationEvent } from './station.ts';
import type { NewTraining } from './training.ts';

const inspection: Inspection = {
  id: '01a20b85-4db7-7000-a6a7-7dc64fb3b64f',
  resultId: 'ring034-003',
  part: 'ring034',
  lot: 'L7',
  product: null,
  recipe: '01a20b82-2c51-7000-8d7b-e1585f1d1e1f',
  revision: 2,
  decision: 'NG',
  reason: null,
  score: 96.8,
  threshold: 3.53,
  review: null,
  millis: 98.2,
  imageHash: '5764458f8a3ba2f1e64c1f0c8a1d9fd9f6f1bb3ac8ed1cfa3f4f3c5d0a7e6b21',
  imageStored: true,
  width: 256,
  height: 256,
  createdAt: '2026-11-24T03:06:55.287Z',
  reference: null,
  feedback: null,
};

const recipe: Recipe = {
  id: '01a20b82-2c51-7000-8d7b-e1585f1d1e1f',
  name: 'rings',
  revision: 2,
  bundleHash: '9b74c9897bac770ffc029102a200c5de8ad3f1c4f5c1f0a6d3f2f3a7b6c5d4e3',
  detector: 'flow',
  threshold: 3.53,
  review: null,
  rule: 'recall=0.95',
  createdAt: '2026-11-24T03:03:31.921Z',
  active: true,
  figures: null,
  data: { name: 'rings', split: 'fold 0 of 5', protocol: 'honest' },
  mapUnit: 'score',
  mapRange: { low: 0, high: 6 },
  judgesBlank: false,
  sizes: {
    height: { least: 480, most: 480 },
    width: { least: 640, most: 640 },
    proportion: { least: 1.3333, most: 1.3333 },
  },
  frame: { flat: 0, repeated: 0.02 },
  regions: {
    aspect: 1.25,
    regions: [{ name: 'bore', kind: 'ignore', shape: { form: 'ring', centre: [0.5, 0.5], outer: 0.2, inner: 0 } }],
  },
  combination: null,
  signedBy: null,
};

export const examples = {
  ErrorBody: {
    code: 'IMAGE_FORMAT',
    message: 'the image is none of the formats that felfri reads',
    subject: 'image',
  } satisfies ErrorBody,
  Inspection: inspection,
  Recipe: recipe,
  StationEvent: { type: 'inspection', change: 'new', inspection } satisfies StationEvent,
  Readiness: { ready: false, reason: 'no recipe is active', recipes: [] } satisfies Readiness,
  FeedbackRequest: { verdict: 'false-alarm', by: 'Kim', note: 'a drop of oil' } satisfies FeedbackRequest,
  ThresholdChange: { ng: 4, review: 3.5, revision: 2, by: 'Kim' } satisfies ThresholdChange,
  NewTraining: {
    name: 'first',
    dataSet: 'ring-faces',
    settings: { detector: 'flow', epochs: 2 },
  } satisfies NewTraining,
};
