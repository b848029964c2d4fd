/** A second recipe that judges the parts of the line without deciding. */
import { NewShadow, Shadow, ShadowList, ShadowReport, StopShadow } from '../shadows.ts';
import type { Rows } from './endpoint.ts';

export const shadowRows = {
  startShadow: {
    least: 'engineer',
    summary: 'Let another recipe judge the parts that a recipe decides on from now on',
    description:
      'It judges after the decision and apart from it, when no image waits, and changes no record and no output. One for each deciding recipe.',
    body: NewShadow,
    answer: Shadow,
    status: 202,
    refuses: [
      'NOT_FOUND',
      'NO_RECIPE',
      'CONFLICT',
      'MEMORY_FULL',
      'BUNDLE_INVALID',
      'BUNDLE_GOLDEN',
      'BUNDLE_UNTRUSTED',
      'PROCESS_ENDED',
    ],
  },
  listShadows: { least: 'engineer', summary: 'All shadows, newest first', answer: ShadowList },
  getShadow: { least: 'engineer', summary: 'How far it is, and what it would have changed', answer: ShadowReport },
  getShadowReport: {
    least: 'engineer',
    summary: 'What it would have changed, as HTML',
    description: 'A sandboxed page: link to it in a window of its own, do not frame it.',
    content: ['text/html'],
  },
  stopShadow: {
    least: 'engineer',
    summary: 'End it; what it found stays. Of one that failed, takes its alarm back',
    body: StopShadow,
    answer: Shadow,
  },
} as const satisfies Rows<'shadows'>;
