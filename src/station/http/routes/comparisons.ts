/** Comparisons that `felfri compare` left in the station's folder. */
import type { FastifyInstance } from 'fastify';
import { ErrorBody } from '../../contract/common.ts';
import { Comparison, ComparisonList, ComparisonParams } from '../../contract/comparisons.ts';
import type { Station } from '../../station.ts';
import { reportHeaders } from '../report-headers.ts';

export function addComparisonRoutes(app: FastifyInstance, { comparisons }: Station): void {
  app.get(
    '/api/comparisons',
    { schema: { summary: 'All comparisons, newest first', response: { 200: ComparisonList } } },
    async () => comparisons.list(),
  );

  app.get<{ Params: ComparisonParams }>(
    '/api/comparisons/:name',
    {
      schema: { summary: 'One comparison', params: ComparisonParams, response: { 200: Comparison, 404: ErrorBody } },
    },
    async ({ params }) => comparisons.require(params.name),
  );

  app.get<{ Params: ComparisonParams }>(
    '/api/comparisons/:name/report',
    { schema: { summary: 'Its report, as HTML', params: ComparisonParams } },
    async ({ params }, reply) => {
      const file = await comparisons.report(params.name);
      return reply.headers(reportHeaders).send(file.createReadStream());
    },
  );
}
