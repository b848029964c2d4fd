/** Between a source and the station: images in, counters, alarms, and the watch for silence. */
import { join } from 'node:path';
import { FelfriError } from '../../../core/errors.ts';
import { given } from '../../../core/given.ts';
import type { Inspection } from '../../contract/inspections.ts';
import type { LineSource } from '../../contract/line.ts';
import { Attempt } from '../../inspecting/attempt.ts';
import type { SentView } from '../../inspections/inspections.ts';
import { causeOf } from '../../inspections/not-inspected.ts';
import type { Station } from '../../station.ts';
import { LineRecipes } from '../recipes.ts';
import type { Assembly } from './parts/assembly.ts';
import { hashOf, recordViews, type View } from './parts/record.ts';
import { Repeats } from './repeats.ts';
import type { Room } from './room.ts';
import type { CommonSourceSettings } from './settings.ts';
import type { KnownImage, SourceCounts, SourceImage, SourceTools, Triggered } from './source.ts';

const LOOK_MILLIS = 1000;
const VIEWS_AT_ONCE = 16;

export class Feed implements SourceTools {
  readonly name: string;
  readonly counts: SourceCounts = { decided: 0, notInspected: 0, repeated: 0, dropped: 0, restarts: 0 };
  readonly #station: Station;
  readonly #common: CommonSourceSettings;
  readonly #recipes: LineRecipes;
  readonly #timer: ReturnType<typeof setInterval>;
  #lastAt: string | null = null;
  #last: string | null = null;
  #cameAt = performance.now();

  readonly #assembly: Assembly | null;
  readonly #room: Room;
  readonly #repeats = new Repeats();

  /** `room`: of all sources. `assembly`: of the parts that its images are views of; null where each image is a part. */
  constructor(name: string, common: CommonSourceSettings, station: Station, room: Room, assembly: Assembly | null) {
    this.#assembly = assembly;
    this.#room = room;
    this.name = name;
    this.#station = station;
    this.#common = common;
    this.#recipes = new LineRecipes(station, `line ${name}`);
    this.#timer = setInterval(() => this.#watch(), LOOK_MILLIS).unref();
  }

  get folder(): string {
    return join(this.#station.settings.folder, 'line', this.name);
  }

  get atOnce(): number {
    // a view waits for the others of its part, and must not keep the next part waiting
    return this.#assembly ? VIEWS_AT_ONCE : this.#station.queue.settings.workers;
  }

  room(bytes: number): (() => void) | null {
    return this.#room.take(bytes);
  }

  get mostPixels(): number {
    return this.#station.settings.maxPixels;
  }

  get isStopping(): boolean {
    return this.#station.queue.stopping;
  }

  #watch(): void {
    const { silenceSeconds } = this.#common;
    if (silenceSeconds === 0 || performance.now() - this.#cameAt < 1000 * silenceSeconds) return;
    this.alarm('silence', new FelfriError('SOURCE_LOST', `no image came for ${silenceSeconds} s`));
  }

  came(what: string): void {
    this.#lastAt = new Date().toISOString();
    this.#last = what;
    this.#cameAt = performance.now();
    this.over('silence');
  }

  /** What it is asked by; what the image names goes before what the file does. Throws SOURCE_NAME where the image names a recipe that is not there, and NOT_FOUND. */
  async #fieldsOf(image: KnownImage): Promise<SentView['fields']> {
    const { resultId, part, lot } = image;
    const product = image.product ?? (image.recipe === null ? this.#common.product : '');
    const recipe = await this.#recipeOf(image);
    const said = { part: part ?? undefined, lot: lot ?? undefined, product: product || undefined, recipe };
    return { resultId, ...given(said) };
  }

  async #recipeOf({ recipe, product, resultId }: KnownImage): Promise<string | undefined> {
    const wanted = recipe ?? (product === null ? this.#common.recipe : '');
    if (wanted === '') return undefined;
    try {
      return (await this.#recipes.find(wanted)).id;
    } catch (cause) {
      if (recipe === null || !(cause instanceof FelfriError)) throw cause;
      throw new FelfriError('SOURCE_NAME', cause.message, { subject: resultId, cause });
    }
  }

  /** What its images are watched under, apart by their views. */
  #camera(view: string | null): string {
    return view === null || view === this.name ? this.name : `${this.name} ${view}`;
  }

  /** Throws IMAGE_REPEATED. */
  #notAgain(resultId: string, hash: string): void {
    if (this.#common.sameAgain === 'refuse') this.#repeats.look(resultId, hash);
  }

  async inspect(image: SourceImage): Promise<Inspection> {
    const { part, bytes, cameAt, resultId } = image;
    const fields = await this.#fieldsOf(image);
    const look = (hash: string): void => this.#notAgain(resultId, hash);
    const attempt = new Attempt({ cameAt, look, source: this.#camera(this.#assembly ? image.view : null) });
    if (this.#assembly) {
      const decide = () => this.#station.inspections.decide(`source ${this.name}`, { bytes, fields }, attempt);
      const inspection = await this.#assembly.add(part, image.view ?? this.name, decide);
      this.counts.decided++;
      return inspection;
    }
    const read = async () => ({ bytes, fields });
    const { inspection, added } = await this.#station.inspections.receive(`source ${this.name}`, read, attempt);
    if (added) this.counts.decided++;
    else this.counts.repeated++;
    return inspection;
  }

  async inspectAll(images: readonly SourceImage[]): Promise<Inspection> {
    const { inspections } = this.#station;
    const since = performance.now();
    const there: { view: string; found: View }[] = [];
    // one after another: patches of a part are many, and other sources have a share of the queue too
    for (const image of images) {
      const { bytes, view, cameAt } = image;
      const fields = await this.#fieldsOf(image);
      const found = await inspections.decide(
        `source ${this.name}`,
        { bytes, fields },
        new Attempt({ cameAt, source: this.#camera(view) }),
      );
      there.push({ view: view ?? this.name, found });
    }
    this.#notAgain(images[0]!.resultId, there.map(({ found }) => hashOf(found)).join());
    const inspection = await recordViews(inspections, there, { faults: [], ngViews: 1, since });
    this.counts.decided++;
    return inspection;
  }

  async note(
    { resultId, part, lot, product }: Triggered & { readonly resultId: string | null },
    error: FelfriError,
  ): Promise<void> {
    this.counts.notInspected++;
    const recipe = this.#station.products.recipeOf(product);
    const known = { resultId, part, lot, product, recipe, imageHash: null, millis: 0 };
    await this.#station.notInspected.note(known, error, error.code === 'LINE_LATE' ? 'late' : causeOf(error.code));
  }

  alarm(about: string, error: unknown): void {
    this.#station.alarms.raise('line', `${this.name}: ${about}`, error);
  }

  over(about: string): void {
    this.#station.alarms.end('line', `${this.name}: ${about}`);
  }

  get told(): Pick<LineSource, 'lastImageAt' | 'lastImage' | keyof SourceCounts> {
    return { lastImageAt: this.#lastAt, lastImage: this.#last, ...this.counts };
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
