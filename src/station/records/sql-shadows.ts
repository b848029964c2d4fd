/** Shadows and what they found, in queries that both databases understand. */
import { type Kysely, sql } from 'kysely';
import { notFound } from '../not-found.ts';
import { type AboutRecords, audited } from './audited.ts';
import type { Change } from './change.ts';
import type { ChangedDecision, ShadowEnd, ShadowFound, ShadowRecords, ShadowResult, StoredShadow } from './shadows.ts';
import type { Tables } from './tables.ts';

type Row = Tables['shadows'];

const timeOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
const millisOf = (at: string | null): number | null => (at === null ? null : Date.parse(at));

const shadowOf = ({ startedAt, endsAt, endedAt, ...row }: Row): StoredShadow => ({
  ...row,
  startedAt: new Date(startedAt).toISOString(),
  endsAt: timeOf(endsAt),
  endedAt: timeOf(endedAt),
});

const rowOf = (shadow: string, result: ShadowResult): Tables['shadowResults'] =>
  'fault' in result
    ? { shadow, decision: null, score: null, millis: null, ...result }
    : { shadow, fault: null, ...result };

/** What would have passed comes before what would not have, and both before what a person sees either way. */
const gravity = sql<number>`case when i.decision = 'NG' and r.decision = 'OK' then 0
  when i.decision = 'OK' and r.decision = 'NG' then 1 else 2 end`;

export class SqlShadows implements ShadowRecords {
  readonly #db: Kysely<Tables>;
  readonly #about: AboutRecords;
  readonly #searching: Kysely<Tables>;

  /** `searching`: connections that the line does not need. */
  constructor(db: Kysely<Tables>, about: AboutRecords, searching: Kysely<Tables>) {
    this.#db = db;
    this.#about = about;
    this.#searching = searching;
  }

  async all(): Promise<StoredShadow[]> {
    return (await this.#db.selectFrom('shadows').selectAll().orderBy('id', 'desc').execute()).map(shadowOf);
  }

  start(shadow: StoredShadow, bundleHash: string, change: Change): Promise<void> {
    const { id, recipe, deciding, revision, endsAt, mostParts } = shadow;
    const times = { startedAt: Date.parse(shadow.startedAt), endsAt: millisOf(endsAt), endedAt: null };
    return audited(this.#db, this.#about, change, async (db) => {
      await db
        .insertInto('shadows')
        .values({ ...shadow, ...times })
        .execute();
      const of = { shadow: id, deciding, bundleHash, revision, endsAt, mostParts, note: change.note ?? null };
      return [undefined, { action: 'shadow.started', subject: recipe, detail: of }];
    });
  }

  async end(id: string, { state, problem, lastId }: ShadowEnd, change: Change): Promise<StoredShadow> {
    const find = async (db: Kysely<Tables>) => {
      const row = await db.selectFrom('shadows').selectAll().where('id', '=', id).executeTakeFirst();
      if (row) return shadowOf(row);
      throw notFound('shadow', id, '/api/shadows');
    };
    const former = await find(this.#db);
    if (former.state !== 'running') return former;
    return audited(this.#db, this.#about, change, async (db) => {
      const end = { state, problem, lastId, endedAt: change.at.getTime() };
      await db.updateTable('shadows').set(end).where('id', '=', id).execute();
      const { recipe, deciding } = former;
      const detail = { shadow: id, deciding, state, problem, note: change.note ?? null };
      return [await find(db), { action: 'shadow.ended', subject: recipe, detail }];
    });
  }

  async addResults(shadow: string, results: readonly ShadowResult[]): Promise<void> {
    const ids = results.map(({ inspection }) => inspection);
    if (ids.length === 0) return;
    const there = await this.#db.selectFrom('inspections').select('id').where('id', 'in', ids).execute();
    const kept = new Set(there.map(({ id }) => id));
    const rows = results.filter(({ inspection }) => kept.has(inspection)).map((one) => rowOf(shadow, one));
    if (rows.length === 0) return;
    // one that was written although its answer was lost comes again
    await this.#db
      .insertInto('shadowResults')
      .values(rows)
      .onConflict((c) => c.columns(['shadow', 'inspection']).doNothing())
      .execute();
  }

  async judged(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#searching
      .selectFrom('shadowResults')
      .select((eb) => ['shadow', eb.fn.count('decision').as('judged')])
      .groupBy('shadow')
      .execute();
    return new Map(rows.map(({ shadow, judged }) => [shadow, Number(judged)]));
  }

  async found({ id, deciding, lastId }: StoredShadow): Promise<ShadowFound> {
    const db = this.#searching;
    const counts = await db
      .selectFrom('shadowResults as r')
      .innerJoin('inspections as i', 'i.id', 'r.inspection')
      .leftJoin('feedback as f', 'f.inspection', 'r.inspection')
      .select((eb) => ['i.decision as deciding', 'r.decision as shadow', 'f.verdict', eb.fn.countAll().as('count')])
      .where('r.shadow', '=', id)
      .where('r.decision', 'is not', null)
      .groupBy(['i.decision', 'r.decision', 'f.verdict'])
      .execute();
    const { mean, most } = await db
      .selectFrom('shadowResults')
      .select((eb) => [eb.fn.avg('millis').as('mean'), eb.fn.max('millis').as('most')])
      .where('shadow', '=', id)
      .executeTakeFirstOrThrow();
    const faults = await db
      .selectFrom('shadowResults')
      .select((eb) => ['fault', eb.fn.countAll().as('count')])
      .where('shadow', '=', id)
      .where('fault', 'is not', null)
      .groupBy('fault')
      .execute();
    let inspections = db
      .selectFrom('inspections')
      .select((eb) => eb.fn.countAll().as('all'))
      .where('recipe', '=', deciding)
      .where('reference', 'is', null)
      .where('id', '>', id);
    if (lastId !== null) inspections = inspections.where('id', '<=', lastId);
    const { all } = await inspections.executeTakeFirstOrThrow();
    return {
      counts: counts.map(({ shadow, verdict, count, ...row }) => ({
        ...row,
        shadow: shadow!,
        verdict,
        count: Number(count),
      })),
      millis: { mean: mean === null ? null : Number(mean), most: most === null ? null : Number(most) },
      faults: Object.fromEntries(faults.map(({ fault, count }) => [fault, Number(count)])),
      inspections: Number(all),
    };
  }

  async changes(shadow: string, limit: number): Promise<ChangedDecision[]> {
    const rows = await this.#searching
      .selectFrom('shadowResults as r')
      .innerJoin('inspections as i', 'i.id', 'r.inspection')
      .leftJoin('feedback as f', 'f.inspection', 'r.inspection')
      .select(['i.id as inspection', 'i.part', 'i.createdAt', 'i.imageStored', 'i.decision', 'i.score', 'f.verdict'])
      .select(['r.decision as shadowDecision', 'r.score as shadowScore'])
      .where('r.shadow', '=', shadow)
      .whereRef('r.decision', '<>', 'i.decision')
      .orderBy(gravity)
      .orderBy('i.id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(({ createdAt, imageStored, decision, score, shadowDecision, shadowScore, ...row }) => ({
      ...row,
      createdAt: new Date(createdAt).toISOString(),
      imageStored: imageStored === 1,
      deciding: { decision, score },
      shadow: { decision: shadowDecision!, score: shadowScore! },
    }));
  }
}
