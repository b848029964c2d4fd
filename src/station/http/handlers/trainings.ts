/** Training runs: started, watched, stopped, resumed, made a recipe. */
import type { Station } from '../../station.ts';
import { trainingChoices } from '../../training/choices.ts';
import { changeOf } from '../callers.ts';
import type { HandlersOf } from '../mount.ts';
import { reportHeaders } from '../report-headers.ts';

export function trainingHandlers(station: Station): HandlersOf<'trainings'> {
  const { trainings, recipes, queue } = station;
  return {
    listTrainings: () => ({ trainings: trainings.list() }),
    startTraining: ({ request, body }) => trainings.start(body, changeOf(request, body)),
    getTrainingChoices: trainingChoices,
    getTraining: ({ params }) => trainings.require(params.id),
    getTrainingCurve: ({ params }) => trainings.curve(params.id),
    getTrainingReport: async ({ params, reply }) => {
      const report = await trainings.report(params.id);
      reply.headers(reportHeaders);
      return report;
    },
    cancelTraining: ({ request, params, body }) => trainings.cancel(params.id, changeOf(request, body)),
    resumeTraining: ({ request, params, body }) => trainings.resume(params.id, changeOf(request, body)),
    makeRecipe: async ({ request, params, body }) => {
      const bundle = trainings.finishedBundle(params.id);
      const received = await recipes.bundles.copyOf(bundle, (await queue.beside.check(bundle)).manifest);
      const recipe = await recipes.add(received, body.name, changeOf(request, body));
      await trainings.setRecipe(params.id, recipe.id);
      return recipe;
    },
  };
}
