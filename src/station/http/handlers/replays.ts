/** Two recipes on the same kept images. */
import type { Station } from '../../station.ts';
import type { HandlersOf } from '../mount.ts';
import { goneSignal, LONGEST_MAP } from './pictures.ts';

export function replayHandlers(station: Station): HandlersOf<'replays'> {
  const { replays, views } = station;
  return {
    startReplay: ({ body }) => replays.start(body),
    listReplays: () => replays.list(),
    getReplay: ({ params }) => replays.find(params.id),
    cancelReplay: ({ params }) => replays.cancel(params.id),
    getMapByRecipe: async ({ params, query, reply }) => {
      const { id, recipe } = params;
      // a kept map of an inspection that is removed is shown no more
      await station.inspections.require(id);
      const longest = Math.min(query.longest ?? LONGEST_MAP, LONGEST_MAP);
      const drawn = await views.get(`map ${id} ${recipe} ${longest}`, goneSignal(reply), () =>
        replays.map(id, recipe, longest),
      );
      reply.header('cache-control', 'private, max-age=86400');
      return drawn;
    },
  };
}
