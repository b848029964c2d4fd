/** The threshold tuner: a recipe's scores, which of them count, the two limits as they are moved, and what they would mean. */
import { getScores, tune } from '../../api/client.ts';
import type { RecipeScores, ScoreSource, TuneRequest, Tuning } from '../../api/contract.ts';
import { Resource } from '../../state/resource.svelte.ts';
import { dragged, type LimitName, type Limits, type Refusals, sameLimits, toggledReview, typed } from './limits.ts';
import { BARS, barAt, scoreAxis } from './score-axis.ts';

export const allSources = ['calibration', 'feedback', 'test'] as const satisfies readonly ScoreSource[];

/** How far below NG a REVIEW begins that is switched on, as a share of the axis. */
const REVIEW_BELOW = 0.08;

/** Calibration images and reviewed parts; the test images, which must have no say, where there is nothing else. */
function usualSources({ scores }: RecipeScores): readonly ScoreSource[] {
  const present = allSources.filter((source) => scores.some((score) => score.source === source));
  const usual = present.filter((source) => source !== 'test');
  return usual.length > 0 ? usual : present;
}

export class Tuner {
  #known = $state.raw<RecipeScores>();
  #sources = $state.raw<readonly ScoreSource[]>([]);
  #limits = $state.raw<Limits>({ ng: 0, review: null });
  #refusals = $state.raw<Refusals>({});
  /** What is asked for next. */
  #recipe = '';

  readonly #used = $derived.by(() => this.#known?.scores.filter(({ source }) => this.#sources.includes(source)) ?? []);
  readonly #good = $derived(this.#used.filter(({ label }) => label === 'good').map(({ score }) => score));
  readonly #defective = $derived(this.#used.filter(({ label }) => label === 'defective').map(({ score }) => score));
  // all sources and the saved thresholds, so that the axis does not move under the hand
  readonly #axis = $derived.by(() => {
    const { scores = [], threshold, review } = this.#known ?? {};
    return scoreAxis(
      scores.map(({ score }) => score),
      [threshold, review].filter((limit) => typeof limit === 'number'),
    );
  });
  readonly #changed = $derived.by(() => {
    const { threshold: ng, review } = this.#known ?? {};
    return ng !== undefined && review !== undefined && !sameLimits(this.#limits, { ng, review });
  });

  readonly #loading = new Resource(async (signal) => {
    const known = await getScores(this.#recipe, signal);
    if (this.#known?.recipe !== known.recipe) this.#sources = usualSources(known);
    this.#known = known;
    this.discard();
  });

  readonly #meaning = new Resource<Tuning | undefined>(async (signal) => {
    const { request } = this;
    return this.#known && request ? tune(this.#known.recipe, request, signal) : undefined;
  });

  /** The scores and thresholds of the recipe that is tuned. */
  get known(): RecipeScores | undefined {
    return this.#known;
  }

  get limits(): Limits {
    return this.#limits;
  }

  /** What was typed and cannot be. */
  get refusals(): Refusals {
    return this.#refusals;
  }

  get refused(): boolean {
    return Object.keys(this.#refusals).length > 0;
  }

  /** Whether the limits are others than those in force. */
  get changed(): boolean {
    return this.#changed;
  }

  get sources(): readonly ScoreSource[] {
    return this.#sources;
  }

  /** Scores of good images, of the sources that count. */
  get good(): readonly number[] {
    return this.#good;
  }

  get defective(): readonly number[] {
    return this.#defective;
  }

  get axis() {
    return this.#axis;
  }

  /** The scores within a bar of the histogram, of the sources that count; the largest first. */
  partsOf(bar: number): RecipeScores['scores'] {
    return this.#used
      .filter(({ score }) => barAt(this.#axis.place(score), BARS) === bar)
      .sort((a, b) => b.score - a.score);
  }

  /** How many scores there are of a source. */
  count(source: ScoreSource): number {
    return this.#known?.scores.filter((score) => score.source === source).length ?? 0;
  }

  /** What is to be asked of the service; undefined where no score counts. */
  get request(): TuneRequest | undefined {
    return this.#used.length === 0 ? undefined : { ...this.#limits, sources: [...this.#sources] };
  }

  /** What the limits mean for the images that count; absent where there are none. */
  get tuning(): Tuning | undefined {
    return this.request && this.#meaning.value;
  }

  get notes(): readonly string[] {
    const { tuning } = this;
    return [...new Set([...(tuning?.warnings ?? []), ...(this.#known?.notes ?? []), ...(tuning?.notes ?? [])])];
  }

  get problem() {
    return this.#loading.problem ?? this.#meaning.problem;
  }

  /** Takes a recipe's scores, and its thresholds in place of what was moved; the sources stay where it is the same recipe. */
  load(recipe: string): Promise<void> {
    this.#recipe = recipe;
    return this.#loading.reload();
  }

  /** As `load`, but thresholds that somebody else saved meanwhile take no one's work away. */
  refresh(recipe: string): void {
    if (this.#known?.recipe !== recipe || !(this.#changed || this.refused)) void this.load(recipe);
  }

  /** Asks what the present limits mean; what was asked for others is dropped. */
  ask(): Promise<void> {
    return this.#meaning.reload();
  }

  stop(): void {
    this.#meaning.stop();
  }

  #set(limits: Limits): void {
    this.#limits = limits;
    this.#refusals = {};
  }

  /** Back to the thresholds in force. */
  discard(): void {
    if (this.#known) this.#set({ ng: this.#known.threshold ?? this.#axis.score(0.5), review: this.#known.review });
  }

  drag(which: LimitName, score: number): void {
    this.#set(dragged(this.#limits, which, score));
  }

  type(which: LimitName, text: string): void {
    const change = typed(this.#limits, which, text);
    if ('limits' in change) this.#set(change.limits);
    else this.#refusals = { ...this.#refusals, [which]: { text, reason: change.refused } };
  }

  toggleReview(): void {
    const below = this.#axis.score(Math.max(0, this.#axis.place(this.#limits.ng) - REVIEW_BELOW));
    this.#set(toggledReview(this.#limits, below));
  }

  toggleSource(source: ScoreSource): void {
    this.#sources = allSources.filter((one) => this.#sources.includes(one) !== (one === source));
  }
}
