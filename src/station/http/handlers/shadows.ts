/** A second recipe that judges the parts of the line without deciding. */
import type { Station } from '../../station.ts';
import { changeOf } from '../callers.ts';
import type { HandlersOf } from '../mount.ts';
import { reportHeaders } from '../report-headers.ts';

export function shadowHandlers({ shadows }: Station): HandlersOf<'shadows'> {
  return {
    startShadow: ({ request, body }) => shadows.start(body, changeOf(request, body)),
    listShadows: () => shadows.list(),
    getShadow: ({ params }) => shadows.report(params.id),
    getShadowReport: async ({ params, reply }) => {
      const page = await shadows.page(params.id);
      reply.headers(reportHeaders);
      return page;
    },
    stopShadow: ({ request, params, body }) => shadows.stop(params.id, changeOf(request, body)),
  };
}
