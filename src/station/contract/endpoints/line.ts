/** The line: how its sources and outputs fare, and their test. */

import { Inspection } from '../inspections.ts';
import { Line, LineCheck, LineParts, LinePartsQuery, TriggerQuery } from '../line.ts';
import type { Rows } from './endpoint.ts';

export const lineRows = {
  getLine: { least: 'operator', summary: 'The sources and outputs of the line, and how they fare', answer: Line },
  listLineParts: {
    least: 'operator',
    summary: 'Parts that an output was given or is to be given, by their sequence numbers',
    description: 'For who missed some: whatever became of them, those of the last seven days, oldest first.',
    query: LinePartsQuery,
    answer: LineParts,
    refuses: ['NOT_FOUND'],
  },
  checkOutput: {
    least: 'engineer',
    summary: 'Try the other side of an output; no part is sent',
    answer: LineCheck,
    refuses: ['NOT_FOUND'],
    perMinute: 60,
  },
  checkSource: {
    least: 'engineer',
    summary: 'Try to reach a source; no image is taken',
    answer: LineCheck,
    refuses: ['NOT_FOUND'],
    perMinute: 60,
  },
  triggerSource: {
    least: 'operator',
    summary: 'Take an image of a part by a camera now, and inspect it',
    description:
      'The frame is one that was exposed after the request. Where none comes the part is on record as not inspected.',
    query: TriggerQuery,
    answer: Inspection,
    status: 201,
    refuses: [
      'NOT_FOUND',
      'OPTION_INVALID',
      'SOURCE_LOST',
      'LINE_LATE',
      'NO_RECIPE',
      'RECIPE_UNRELEASED',
      'TOO_BUSY',
      'TOO_LATE',
      'SCORE_INVALID',
    ],
  },
} as const satisfies Rows<'line'>;
