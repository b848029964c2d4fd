/** Reference parts: what is known to be good or bad is presented again and again, and what the station says of it is compared. */
import { FelfriError } from '../../core/errors.ts';
import type { Alarms } from '../alarms.ts';
import type { AuditedAction } from '../audit/details.ts';
import type { NewReference, Presentation, ReferencePart } from '../contract/drift.ts';
import type { Inspection, InspectionFields } from '../contract/inspections.ts';
import { newId } from '../ids.ts';
import { InTurn } from '../in-turn.ts';
import type { Products } from '../recipes/products.ts';
import type { Recipes } from '../recipes/recipes.ts';
import type { Change } from '../records/change.ts';
import type { Records } from '../records/records.ts';
import { FIRST, limitsOf } from './reference-limits.ts';
import { StoredDrift, type StoredReference } from './stored.ts';

type StatedReference = Pick<NewReference, 'name' | 'recipe' | 'expected' | 'everyHours'> & {
  readonly part?: string | null;
};

const MOST = 100;
const KEPT = 200;
const HOUR = 3_600_000;
const LOOK_MILLIS = 15_000;
/** So often within its schedule, or within so many hours, comes no reference part: its pattern takes parts of the line. */
const OFTEN = 20;
const OFTEN_HOURS = 8;

interface Things {
  readonly folder: string;
  readonly records: Records;
  readonly alarms: Alarms;
  readonly recipes: Recipes;
  readonly products: Products;
}

const plain = (value: number): string => String(Number(value.toPrecision(4)));

/** Of an alarm. Recipes may share a name, and a name may end as an alarm does. */
const aboutOf = ({ recipe, recipeName, name }: StoredReference, what: '' | ', overdue' | ', too often' = ''): string =>
  `${recipeName} (${recipe})${what}: ${name}`;

function isNamed(part: string | undefined, pattern: string | null): boolean {
  if (part === undefined || pattern === null) return false;
  return pattern.endsWith('*') ? part.startsWith(pattern.slice(0, -1)) : part === pattern;
}

export class References {
  readonly #things: Things;
  readonly #stored: StoredDrift;
  readonly #changes = new InTurn();
  readonly #timer: ReturnType<typeof setInterval>;
  #all: readonly StoredReference[] = [];

  private constructor(things: Things) {
    this.#things = things;
    this.#stored = new StoredDrift(things.folder);
    this.#timer = setInterval(() => this.look(), LOOK_MILLIS).unref();
  }

  /** Reads what was stated; a damaged file costs that, and an alarm. */
  static async open(things: Things): Promise<References> {
    const references = new References(things);
    const damaged = (name: string, error: unknown) => void things.alarms.raise('reference', `file ${name}`, error);
    references.#all = await references.#stored.references(damaged);
    for (const one of references.#all) references.#judge(one);
    references.look();
    return references;
  }

  /** The reference part that an image is of, by its fields; null for all other parts. Throws OPTION_INVALID for a name that the recipe has none of. */
  nameFor({ reference, part }: InspectionFields, recipe: string): string | null {
    const own = this.#all.filter((one) => one.recipe === recipe);
    if (reference === undefined) return own.find((one) => isNamed(part, one.part))?.name ?? null;
    if (own.some(({ name }) => name === reference)) return reference;
    throw new FelfriError(
      'OPTION_INVALID',
      `got the reference part ${JSON.stringify(reference)}, which the recipe has not; legal are ${own.map(({ name }) => JSON.stringify(name)).join(', ') || 'none: state it first'}`,
      { subject: 'reference' },
    );
  }

  /** One was presented, and is on record. */
  async observe(inspection: Omit<Inspection, 'feedback'>, source: string): Promise<void> {
    await this.#changes.run(async () => {
      const found = this.#all.find((one) => one.recipe === inspection.recipe && one.name === inspection.reference);
      if (!found) return;
      const { decision, score, createdAt: at, id } = inspection;
      const wrong = this.#wrong(found, inspection);
      const shown: Presentation = { at, inspection: id, source, decision, score, wrong };
      const isFirst = wrong === null && found.first.length < FIRST;
      const now: StoredReference = {
        ...found,
        first: isFirst ? [...found.first, score] : found.first,
        presentations: [...found.presentations, shown].slice(-KEPT),
      };
      this.#all = this.#all.map((one) => (one === found ? now : one));
      this.#judge(now);
      this.look();
      await this.#write();
    });
  }

  #wrong({ name, expected, first }: StoredReference, { decision, score }: Pick<Inspection, 'decision' | 'score'>) {
    const limits = limitsOf(first);
    if (decision !== expected)
      return `the reference part ${name} is ${decision} and should be ${expected}: look at light, lens and the part, and inspect by hand what passed since it was right last`;
    if (limits === null || (score >= limits.low && score <= limits.high)) return null;
    return `the score of the reference part ${name} is ${plain(score)}, outside of ${plain(limits.low)} to ${plain(limits.high)}: clean the part and lens, look at light and position, and present it again`;
  }

  #judge(one: StoredReference): void {
    const { alarms } = this.#things;
    const { presentations } = one;
    const id = aboutOf(one);
    const wrong = presentations.at(-1)?.wrong ?? null;
    if (wrong === null) alarms.end('reference', id);
    else alarms.raise('reference', id, new FelfriError('REFERENCE', wrong));
  }

  #due({ createdAt, presentations, everyHours }: StoredReference): number {
    return Date.parse(presentations.at(-1)?.at ?? createdAt) + everyHours * HOUR;
  }

  /** Says which come so often that they will be parts of the line, which then count in no yield and wait for no review. */
  #lookForParts(one: StoredReference, now: number): void {
    const { name, part, everyHours, presentations } = one;
    const hours = Math.min(everyHours, OFTEN_HOURS);
    const came = presentations.filter(({ at }) => Math.abs(now - Date.parse(at)) <= hours * HOUR).length;
    const about = aboutOf(one, ', too often');
    if (came < OFTEN) {
      this.#things.alarms.end('reference', about);
      return;
    }
    const named = part === null ? '' : `, or name another part than ${JSON.stringify(part)}`;
    const message = `the reference part ${name} came ${OFTEN} times or more within ${hours} h: parts of the line are taken for it, and are left out of yield and review; look at what is sent as it${named}`;
    this.#things.alarms.raise('reference', about, new FelfriError('REFERENCE', message));
  }

  /** Says which are overdue, of recipes that judge now, and which come too often. */
  look(now = Date.now()): void {
    const { alarms, recipes, products } = this.#things;
    const inUse = new Set([recipes.active?.id, ...products.all.map(({ recipe }) => recipe)]);
    for (const one of this.#all) {
      this.#lookForParts(one, now);
      const id = aboutOf(one, ', overdue');
      if (!inUse.has(one.recipe) || now <= this.#due(one)) alarms.end('reference', id);
      else {
        const due = new Date(this.#due(one)).toISOString();
        const message = `the reference part ${one.name} was to be presented by ${due}: present it, every ${one.everyHours} h`;
        alarms.raise('reference', id, new FelfriError('REFERENCE', message));
      }
    }
  }

  get all(): ReferencePart[] {
    return this.#all.map((one) => this.#told(one));
  }

  #told(one: StoredReference): ReferencePart {
    const { first, ...rest } = one;
    const due = this.#due(one);
    return {
      ...rest,
      presentations: [...rest.presentations],
      due: new Date(due).toISOString(),
      overdue: Date.now() > due,
      limits: limitsOf(first),
      learned: first.length,
      learnsFrom: FIRST,
    };
  }

  /** Throws NOT_FOUND for a recipe that is none, CONFLICT for a name or pattern that is there, OPTION_INVALID for too many. */
  add(
    { name, recipe: id, part = null, expected, everyHours }: StatedReference,
    change: Change,
  ): Promise<ReferencePart> {
    return this.#changes.run(async () => {
      const recipe = await this.#things.recipes.require(id);
      if (this.#all.length >= MOST)
        throw new FelfriError('OPTION_INVALID', `there are ${MOST} reference parts, the most; take one away first`);
      const own = this.#all.filter((one) => one.recipe === id);
      if (own.some((one) => one.name === name || (part !== null && one.part === part)))
        throw new FelfriError('CONFLICT', `the recipe has a reference part of that name or part`, { subject: 'name' });
      const made: StoredReference = {
        ...{ id: newId(), name, recipe: id, recipeName: recipe.name, part, expected, everyHours },
        ...{ createdAt: change.at.toISOString(), by: change.by, first: [], presentations: [] },
      };
      const detail = { name, recipe: id, part, expected, everyHours };
      await this.#replace([...this.#all, made], change, { action: 'reference.added', subject: made.id, detail });
      return this.#told(made);
    });
  }

  /** Throws NOT_FOUND. */
  remove(id: string, change: Change): Promise<void> {
    return this.#changes.run(async () => {
      const found = this.#all.find((one) => one.id === id);
      if (!found) throw new FelfriError('NOT_FOUND', `there is no reference part ${id}`, { subject: id });
      const { name, recipe, part, expected, everyHours } = found;
      const detail = { name, recipe, part, expected, everyHours };
      const others = this.#all.filter((one) => one !== found);
      await this.#replace(others, change, { action: 'reference.removed', subject: id, detail });
      for (const what of ['', ', overdue', ', too often'] as const)
        this.#things.alarms.end('reference', aboutOf(found, what));
    });
  }

  async #replace(all: readonly StoredReference[], change: Change, did: AuditedAction): Promise<void> {
    await this.#things.records.audited(change, async () => {
      await this.#stored.writeReferences(all);
      return [undefined, did];
    });
    this.#all = all;
  }

  /** What cannot be written is told, and written with the next. */
  async #write(): Promise<void> {
    const { alarms } = this.#things;
    try {
      await this.#stored.writeReferences(this.#all);
      alarms.end('reference', 'not written');
    } catch (error) {
      alarms.raise('reference', 'not written', error);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#changes.rest();
  }
}
