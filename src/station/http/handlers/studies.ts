/** Studies of people who decide on pictures. Whoever answers is who is signed in, never who a request says. */
import type { FastifyRequest } from 'fastify';
import { pdfOfReport } from '../../../judge/report/pdf/report-pdf.ts';
import type { Station } from '../../station.ts';
import { reportOf, tableOf } from '../../studies/results.ts';
import type { Asker } from '../../studies/studies.ts';
import { changeOf } from '../callers.ts';
import type { HandlersOf } from '../mount.ts';
import { reportHeaders } from '../report-headers.ts';
import { goneSignal } from './pictures.ts';

/** No side of a picture has more pixels; a larger one is shown smaller. */
const LONGEST = 8192;

/** The guard lets nobody in who is not a caller. */
const askerOf = ({ caller }: FastifyRequest): Asker => ({
  name: caller?.name ?? null,
  role: caller?.role ?? 'operator',
});

export function studyHandlers(station: Station): HandlersOf<'studies'> {
  const { studies, dataSets, views, queue } = station;
  const { maxPixels } = station.settings;
  return {
    listStudies: ({ request }) => ({ studies: studies.list(askerOf(request)) }),
    createStudy: ({ request, body: { by, ...asked } }) =>
      studies.create(asked, changeOf(request, { by }), askerOf(request)),
    getStudy: ({ request, params }) => studies.detail(params.id, askerOf(request)),
    getStudyTask: ({ request, params }) => studies.task(params.id, askerOf(request)),
    getStudyPicture: async ({ request, params, query, reply }) => {
      const { dataSet, hash } = studies.picture(params.id, query, askerOf(request));
      const set = dataSets.require(dataSet);
      // written anew: its bytes have neither name nor hash by which the record of its inspection could be found
      return views.get(`exact ${hash} ${LONGEST}`, goneSignal(reply), async () =>
        queue.beside.view({ bytes: await set.kept(hash), longest: LONGEST, maxPixels, exact: true }),
      );
    },
    giveAnswer: ({ request, params, body }) => studies.answer(params.id, body, askerOf(request), new Date()),
    closeStudy: ({ request, params, body }) => studies.close(params.id, changeOf(request, body), askerOf(request)),
    getStudyTable: ({ params, reply }) => {
      const table = tableOf(studies.require(params.id));
      reply.header('content-disposition', `attachment; filename="study-${params.id}.csv"`);
      reply.type('text/csv; charset=utf-8');
      return table;
    },
    getStudyReport: async ({ params, query: { format = 'html' }, reply }) => {
      const page = reportOf(studies.require(params.id));
      if (format === 'html') {
        reply.headers(reportHeaders);
        return page;
      }
      reply.header('content-disposition', `attachment; filename="study-${params.id}.pdf"`);
      reply.type('application/pdf');
      return Buffer.from(await pdfOfReport(page));
    },
  };
}
