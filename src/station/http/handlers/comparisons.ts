/** Comparisons that `felfri compare` left in the station's folder. */
import type { Station } from '../../station.ts';
import type { Answers } from '../answers.ts';
import type { HandlersOf } from '../mount.ts';
import { reportHeaders } from '../report-headers.ts';

export function comparisonHandlers({ comparisons }: Station, answers: Answers): HandlersOf<'comparisons'> {
  return {
    listComparisons: () => comparisons.list(),
    getComparison: ({ params }) => comparisons.require(params.name),
    getComparisonReport: async ({ params, reply }) => {
      answers.takeFile(reply);
      const file = await comparisons.report(params.name);
      reply.headers(reportHeaders);
      return file.createReadStream();
    },
  };
}
