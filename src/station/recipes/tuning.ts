/** The threshold tuner: labelled scores of a recipe, and what two thresholds make of them. */
import { FelfriError } from '../../core/errors.ts';
import { readStoredScores } from '../../jobs/judge/stored-scores.ts';
import { judgeDecisions, proportion } from '../../judge/decision-counts.ts';
import { confusion } from '../../judge/metrics.ts';
import type { LabelledScore, RecipeScores, ScoreSource, TuneRequest, Tuning } from '../contract/tuning.ts';
import { labelOfVerdict } from '../inspections/verdict.ts';
import type { Records } from '../records/records.ts';
import type { Recipes } from './recipes.ts';
import { tuningWarnings } from './tuning-warnings.ts';

const CONFIDENCE = 0.95;

/** The newest inspections with feedback that are taken. */
const MOST_JUDGED = 20_000;

/** Bytes of a file of scores: some 40,000 images. More would keep the thread that answers. */
const MOST_SCORES = 8 * 2 ** 20;

/** What of a station takes part. */
interface Scored {
  readonly records: Records;
  readonly recipes: Recipes;
}

async function bundleScores(folder: string, source: 'calibration' | 'test'): Promise<LabelledScore[] | string> {
  try {
    const { images } = await readStoredScores(folder, source, MOST_SCORES);
    // no threshold decides on the others
    const judged = images.filter(({ picture }) => picture === undefined);
    return judged.map(({ label, score, name, class: className }) => ({ source, label, score, name, className }));
  } catch (error) {
    if (!(error instanceof FelfriError)) throw error;
    return `The bundle has no scores of its ${source} images that this felfri reads.`;
  }
}

/** All labelled scores of a recipe. Throws NOT_FOUND. */
export async function recipeScores({ recipes, records }: Scored, id: string): Promise<RecipeScores> {
  const recipe = await recipes.require(id);
  const notes: string[] = [];
  const scores: LabelledScore[] = [];
  for (const source of ['calibration', 'test'] as const) {
    const found = await bundleScores(recipes.bundles.directory(id), source);
    if (typeof found === 'string') notes.push(found);
    else for (const one of found) scores.push(one);
  }
  const judged = await records.judgedInspections(id, MOST_JUDGED);
  for (const one of judged) {
    const { score, id: name, decision, verdict, className } = one;
    const label = labelOfVerdict(decision, verdict);
    if (label) scores.push({ source: 'feedback', label, score, name, className });
  }
  if (judged.some(({ decision }) => decision !== 'OK') && !judged.some(({ decision }) => decision === 'OK'))
    notes.push(
      'All feedback is on NG and REVIEW: defective parts that were passed are not among it, so recall looks too good.',
    );
  const { revision, threshold, review } = recipe;
  return { recipe: id, revision, threshold, review, scores, notes };
}

/** What two thresholds would make of the labelled scores. Throws NOT_FOUND, OPTION_INVALID, and SCORES_INVALID when there are none. */
export async function tune(
  station: Scored,
  id: string,
  { ng, review = null, ...request }: TuneRequest,
): Promise<Tuning> {
  const sources = [...new Set<ScoreSource>(request.sources ?? ['calibration', 'feedback'])];
  const { scores: all, notes } = await recipeScores(station, id);
  const used = all.filter(({ source }) => sources.includes(source));
  const labels = used.map(({ label }) => (label === 'defective' ? 1 : 0));
  const scores = used.map(({ score }) => score);
  if (used.length === 0)
    throw new FelfriError(
      'CONFLICT',
      `recipe ${id} has no labelled scores from ${sources.join(', ')}; give feedback first`,
    );
  const matrix = confusion(labels, scores, ng);
  const { tp, fp, fn, tn } = matrix;
  const decisions = judgeDecisions({ labels, scores }, ng, review ?? ng, CONFIDENCE);
  if (sources.includes('test'))
    notes.push('A threshold chosen on test images makes their figures look better than they will be.');
  return {
    ng,
    review,
    sources,
    good: decisions.good,
    defective: decisions.defective,
    confusion: matrix,
    recall: proportion(tp, tp + fn, CONFIDENCE),
    recallWithReview: decisions.recall,
    falseAlarmRate: proportion(fp, fp + tn, CONFIDENCE),
    precision: proportion(tp, tp + fp, CONFIDENCE),
    reviewLoadOfGood: decisions.reviewLoadOfGood,
    confidence: CONFIDENCE,
    warnings: tuningWarnings({ ng, review, good: decisions.good, defective: decisions.defective }, matrix),
    notes,
  };
}
