/** The way from photographs to a running station, as far as somebody has come. Knows no browser. */
import type { DataSetCounts, Recipe, Training } from '../../api/contract.ts';

/**
 * Good images of a data set. A flow learns from few; a threshold is few images' word until 19 good ones set it, and about a fifth of a set are
 * calibration images.
 */
export const GOOD_TO_TRY = 20;
export const GOOD_TO_RELY_ON = 100;

interface Known {
  readonly dataSets: readonly { readonly counts: DataSetCounts }[];
  readonly trainings: readonly Pick<Training, 'state' | 'recipe'>[];
  readonly recipes: readonly Pick<Recipe, 'active'>[];
}

export interface VisitStep {
  readonly title: string;
  readonly text: string;
  readonly page: 'datasets' | 'training' | 'threshold' | 'recipes';
  readonly action: string;
  readonly done: boolean;
}

function photoText(good: number): string {
  if (good === 0)
    return `Photographs of good parts: ${GOOD_TO_TRY} to try, about ${GOOD_TO_RELY_ON} for a limit that can be relied on. Drop a whole folder. Defective ones, where you have some, help to set the limits.`;
  if (good < GOOD_TO_TRY)
    return `${good} of ${GOOD_TO_TRY} good images to try with; ${GOOD_TO_TRY - good} more, best of other parts.`;
  if (good < GOOD_TO_RELY_ON)
    return `${good} good images are enough to try. About ${GOOD_TO_RELY_ON} make a limit that can be relied on.`;
  return `${good} good images.`;
}

export function firstVisit({ dataSets, trainings, recipes }: Known): VisitStep[] {
  const good = Math.max(0, ...dataSets.map(({ counts }) => counts.good));
  const running = trainings.some(({ state }) => state === 'running' || state === 'queued');
  const trained = recipes.length > 0 || trainings.some(({ state }) => state === 'finished');
  return [
    {
      title: 'Photographs',
      text: photoText(good),
      page: 'datasets',
      action: 'To the data sets',
      done: good >= GOOD_TO_TRY,
    },
    {
      title: 'Train',
      text: running
        ? 'A training runs. Its page says how far it is.'
        : 'A flow learns what good parts look like; what is left empty is the usual. Then make a recipe of it. A bundle that was trained elsewhere is uploaded under Recipes.',
      page: 'training',
      action: 'To the trainings',
      done: trained,
    },
    {
      title: 'Limits',
      text: 'Look where the scores of good and defective parts lie, and move the limits for NG and REVIEW if they please you better elsewhere.',
      page: 'threshold',
      action: 'To the limits',
      done: recipes.some(({ active }) => active),
    },
    {
      title: 'Live',
      text: 'Activate the recipe. From then on each image that comes is decided on: from the line, or dropped on this page.',
      page: 'recipes',
      action: 'To the recipes',
      done: recipes.some(({ active }) => active),
    },
  ];
}
