/** One replay: two recipes on the same kept images, counted as it goes. */
import type { Decision } from '../../judge/decision.ts';
import { proportion } from '../../judge/decision-counts.ts';
import type { Inspection } from '../contract/inspections.ts';
import type { Recipe } from '../contract/recipes.ts';
import type { ReplayedChange, ReplaySide, Replay as ReplayState } from '../contract/replays.ts';
import { labelOfVerdict } from '../inspections/verdict.ts';

const CONFIDENCE = 0.95;

/** Most changes that are listed. */
const LISTED = 500;

const severity: Readonly<Record<Decision, number>> = { OK: 0, REVIEW: 1, NG: 2 };

/** What a recipe makes of an image. */
export interface Replayed {
  readonly decision: Decision;
  readonly score: number;
}

interface Pair {
  readonly inspection: Inspection;
  readonly first: Replayed;
  readonly second: Replayed;
}

/** What a person's verdict says of the part; null without one. */
function labelled({ decision, feedback }: Inspection): ReplayedChange['label'] {
  return feedback && labelOfVerdict(decision, feedback.verdict);
}

export class Replay {
  readonly id: string;
  readonly startedAt: Date;
  readonly recipes: readonly [Recipe, Recipe];
  state: ReplayState['state'] = 'running';
  problem: string | null = null;
  total = 0;
  unusable = 0;
  readonly #pairs: Pair[] = [];

  constructor(id: string, startedAt: Date, first: Recipe, second: Recipe) {
    this.id = id;
    this.startedAt = startedAt;
    this.recipes = [first, second];
  }

  /** Adds an image with what each recipe makes of it. */
  add(inspection: Inspection, [first, second]: readonly [Replayed, Replayed]): void {
    this.#pairs.push({ inspection, first, second });
  }

  #side(which: 'first' | 'second', { id, name, revision, threshold, review }: Recipe): ReplaySide {
    const decisions = { OK: 0, REVIEW: 0, NG: 0 };
    for (const pair of this.#pairs) decisions[pair[which].decision]++;
    const share = (label: ReplayedChange['label'], decision: Decision) => {
      const those = this.#pairs.filter(({ inspection }) => labelled(inspection) === label);
      return proportion(those.filter((p) => p[which].decision === decision).length, those.length, CONFIDENCE);
    };
    const figures = { decisions, missed: share('defective', 'OK'), falseAlarms: share('good', 'NG') };
    return { recipe: id, name, revision, threshold, review, ...figures };
  }

  /** As the service answers it. */
  answer(): ReplayState {
    const { id, state, problem, total, unusable } = this;
    const rise = ({ first, second }: Pair) => severity[second.decision] - severity[first.decision];
    const changed = this.#pairs.filter((pair) => rise(pair) !== 0);
    const stricter = changed.filter((pair) => rise(pair) > 0).length;
    // from OK to NG and back before those to and from REVIEW, and the newest first
    changed.sort((a, b) => Math.abs(rise(b)) - Math.abs(rise(a)) || (a.inspection.id < b.inspection.id ? 1 : -1));
    return {
      id,
      startedAt: this.startedAt.toISOString(),
      state,
      problem,
      total,
      done: this.#pairs.length + unusable,
      unusable,
      first: this.#side('first', this.recipes[0]),
      second: this.#side('second', this.recipes[1]),
      stricter,
      milder: changed.length - stricter,
      changes: changed.slice(0, LISTED).map(({ inspection, first, second }) => {
        const { id: of, part, createdAt } = inspection;
        return { inspection: of, part, createdAt, label: labelled(inspection), first, second };
      }),
    };
  }
}
