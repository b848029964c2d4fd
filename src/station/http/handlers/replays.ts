/** Two recipes on the same kept images. */
import type { Station } from '../../station.ts';
import type { HandlersOf } from '../mount.ts';

export function replayHandlers({ replays }: Station): HandlersOf<'replays'> {
  return {
    startReplay: ({ body }) => replays.start(body),
    listReplays: () => replays.list(),
    getReplay: ({ params }) => replays.find(params.id),
    cancelReplay: ({ params }) => replays.cancel(params.id),
    getMapByRecipe: async ({ params, query, reply }) => {
      const drawn = await replays.map(params.id, params.recipe, query.longest ?? null);
      reply.header('cache-control', 'private, max-age=86400');
      return Buffer.from(drawn.buffer);
    },
  };
}
