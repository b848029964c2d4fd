/** Two recipes on the same kept images. */
import { PictureQuery } from '../inspections.ts';
import { NewReplay, Replay, ReplayList } from '../replays.ts';
import type { Rows } from './endpoint.ts';

export const replayRows = {
  startReplay: {
    least: 'engineer',
    summary: 'See what another recipe would have decided on kept images',
    description: 'Runs at low priority, one at a time, and changes no record.',
    body: NewReplay,
    answer: Replay,
    status: 202,
    refuses: ['NOT_FOUND', 'CONFLICT', 'BUNDLE_UNTRUSTED'],
  },
  listReplays: { least: 'engineer', summary: 'Replays that are kept, newest first', answer: ReplayList },
  getReplay: { least: 'engineer', summary: 'How far it is, and what it found', answer: Replay },
  cancelReplay: { least: 'engineer', summary: 'Stop it; what it found stays', answer: Replay },
  getMapByRecipe: {
    least: 'engineer',
    summary: 'The image of an inspection with the map by any recipe, computed when asked',
    query: PictureQuery,
    content: ['image/png'],
    refuses: ['TOO_BUSY', 'PROCESS_ENDED', 'BUNDLE_UNTRUSTED'],
  },
} as const satisfies Rows<'replays'>;
