/** The whole life of a recipe, gathered from its bundle, the records and the audit log. */
import { modelCard } from '../../bundle/card/card.ts';
import { FelfriError } from '../../core/errors.ts';
import type { AuditAction, AuditDetails } from '../audit/details.ts';
import { toldEntry } from '../audit/summary.ts';
import type { RecipeLife } from '../contract/life.ts';
import type { ReplayList } from '../contract/replays.ts';
import type { Alarm } from '../contract/station.ts';
import { notFound } from '../not-found.ts';
import type { RecipeBundles } from '../recipes/recipe-bundles.ts';
import type { Releases } from '../recipes/releases.ts';
import type { ChainedEntry } from '../records/change.ts';
import type { Records } from '../records/records.ts';

/** What of a station takes part. */
export interface LifeSources {
  readonly records: Records;
  readonly recipes: { readonly bundles: RecipeBundles; readonly releases: Releases };
  readonly replays: { list(): ReplayList };
  readonly alarms: { readonly all: readonly Alarm[] };
}

const actions: readonly AuditAction[] = [
  'recipe.created',
  'recipe.thresholds',
  'recipe.rolled back',
  'recipe.activated',
  'recipe.deactivated',
  'recipe.proposed',
  'recipe.released',
  'product.set',
  'product.removed',
];

/** What the entries of those actions may name beside their subject. */
interface Others {
  readonly recipe?: string;
  readonly former?: string | null;
}

async function entriesOf(records: Records, id: string): Promise<ChainedEntry[]> {
  const found: ChainedEntry[] = [];
  for await (const entry of records.allAuditEntries({ actions })) {
    const { recipe, former } = entry.detail as Others;
    if (entry.subject === id || recipe === id || former === id) found.push(entry);
  }
  return found;
}

type Period = RecipeLife['periods'][number];

/** Begins and ends as the entries tell, oldest first. */
function periodsOf(entries: readonly ChainedEntry[], id: string): Period[] {
  const periods: Period[] = [];
  const open = new Map<string | null, number>();
  const begin = (product: string | null, at: string): void => {
    if (open.has(product)) return;
    open.set(product, periods.length);
    periods.push({ product, from: at, to: null });
  };
  const end = (product: string | null, to: string): void => {
    const which = open.get(product);
    if (which === undefined) return;
    open.delete(product);
    periods[which] = { ...periods[which]!, to };
  };
  for (const { action, subject, at, detail } of entries) {
    if (action === 'recipe.activated') subject === id ? begin(null, at) : end(null, at);
    if (action === 'recipe.deactivated') end(null, at);
    if (action === 'product.set')
      (detail as AuditDetails['product.set']).recipe === id ? begin(subject, at) : end(subject, at);
    if (action === 'product.removed') end(subject, at);
  }
  return periods;
}

async function cardOf(
  bundles: RecipeBundles,
  recipe: RecipeLife['recipe'],
): Promise<Pick<RecipeLife, 'card' | 'problem'>> {
  try {
    const { sections } = modelCard(await bundles.manifestOf(recipe));
    const card = sections.map(({ title, rows, notes }) => ({
      title,
      rows: rows.map(([name, value]) => ({ name, value })),
      notes: [...notes],
    }));
    return { card, problem: null };
  } catch (error) {
    if (!(error instanceof FelfriError)) throw error;
    return { card: [], problem: error.message.replaceAll(bundles.directory(recipe.id), 'the bundle') };
  }
}

/** Throws NOT_FOUND. */
export async function recipeLife(
  { records, recipes: { bundles, releases }, replays, alarms }: LifeSources,
  id: string,
): Promise<RecipeLife> {
  const known = await records.recipes();
  const recipe = known.find((one) => one.id === id);
  if (!recipe) throw notFound('recipe', id, '/api/recipes');
  // the head first: what is added meanwhile is in the next report
  const { entries, head, inspections } = await records.auditState();
  const names = new Map(known.map((one) => [one.id, one.name]));
  const told = (await entriesOf(records, id)).filter(({ number }) => number <= entries);
  const { policy, releases: all } = await releases.list();
  const { revisions, notInspected } = await records.countDecisions(id);
  return {
    at: new Date().toISOString(),
    recipe,
    policy,
    release: all.find((one) => one.recipe === id)!,
    ...(await cardOf(bundles, recipe)),
    events: told.map((entry) => {
      const { number, at, by, action } = entry;
      return { number, at, by, action, summary: toldEntry(entry, names).summary };
    }),
    periods: periodsOf(told, id),
    counts: [...revisions],
    notInspected,
    replays: replays.list().replays.filter(({ first, second }) => first.recipe === id || second.recipe === id),
    alarms: alarms.all.filter((alarm) => alarm.kind === 'recipe' && alarm.id === id),
    audit: { entries, head, inspections },
  };
}
