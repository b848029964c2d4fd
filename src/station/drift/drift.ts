/** The station's watch for drift: a monitor for each recipe and camera, kept over restarts. It changes no decision, and costs none where it fails. */
import { FelfriError } from '../../core/errors.ts';
import { channels } from '../../judge/drift/channels.ts';
import { LEARNED_PARTS } from '../../judge/drift/learned.ts';
import { type DriftChange, DriftMonitor } from '../../judge/drift/monitor.ts';
import type { Alarms } from '../alarms.ts';
import type { DriftMonitor as Told } from '../contract/drift.ts';
import { newId } from '../ids.ts';
import { InTurn } from '../in-turn.ts';
import type { Recipes } from '../recipes/recipes.ts';
import type { Change } from '../records/change.ts';
import type { Records } from '../records/records.ts';
import { unlikeCalibration } from './at-calibration.ts';
import { noMonitor, StoredDrift, type StoredMonitor } from './stored.ts';
import type { WatchedInspection } from './watched.ts';

/** Most monitors; whoever was fed least lately goes. */
const MOST = 64;
/** How often what changed is written: a kill costs so much. */
const WRITE_MILLIS = 30_000;

interface Monitor extends Omit<StoredMonitor, 'schema' | 'state'> {
  readonly watch: DriftMonitor;
  isChanged: boolean;
}

interface Things {
  readonly folder: string;
  readonly records: Records;
  readonly alarms: Alarms;
  readonly recipes: Recipes;
}

const keyOf = (recipe: string, source: string): string => `${recipe} ${source}`;
const drifted = (message: string): FelfriError => new FelfriError('DRIFT', message);

export class Drift {
  readonly #things: Things;
  readonly #stored: StoredDrift;
  /** By recipe and source, those fed last at the end. */
  readonly #monitors = new Map<string, Monitor>();
  readonly #writes = new InTurn();
  readonly #timer: ReturnType<typeof setInterval>;

  private constructor(things: Things) {
    this.#things = things;
    this.#stored = new StoredDrift(things.folder);
    this.#timer = setInterval(() => void this.write(), WRITE_MILLIS).unref();
  }

  /** Reads what was kept; a damaged file costs what it held, and an alarm. */
  static async open(things: Things): Promise<Drift> {
    const drift = new Drift(things);
    const damaged = (name: string, error: unknown) => void things.alarms.raise('drift', `file ${name}`, error);
    for (const { schema: _, state, ...one } of await drift.#stored.monitors(damaged)) {
      const monitor = { ...one, watch: new DriftMonitor(state), isChanged: false };
      drift.#monitors.set(keyOf(one.recipe, one.source), monitor);
      for (const drifting of state.drifting)
        if (!drifting.acknowledged) drift.#tell(monitor, { began: true, drifting });
      drift.#tellCalibration(monitor);
    }
    return drift;
  }

  /** Of an alarm. Recipes may share a name. */
  #aboutOf({ recipe, recipeName, source }: Monitor, what: string): string {
    return `${recipeName} (${recipe}) at ${source}: ${what}`;
  }

  #tell(monitor: Monitor, { began, drifting }: DriftChange): void {
    const { alarms } = this.#things;
    const about = this.#aboutOf(monitor, drifting.channel);
    if (began) alarms.raise('drift', about, drifted(drifting.message));
    else alarms.end('drift', about);
  }

  #tellCalibration(monitor: Monitor): void {
    const about = this.#aboutOf(monitor, 'calibration');
    const { alarms } = this.#things;
    if (monitor.atCalibration === null) alarms.end('drift', about);
    else alarms.raise('drift', about, drifted(monitor.atCalibration));
  }

  #monitorOf({ inspection: { recipe }, recipeName, source }: WatchedInspection): Monitor {
    const key = keyOf(recipe, source);
    const monitor = this.#monitors.get(key) ?? {
      ...{ id: newId(), recipe, recipeName, source, since: new Date().toISOString(), atCalibration: null },
      watch: new DriftMonitor(),
      isChanged: true,
    };
    this.#monitors.delete(key);
    this.#monitors.set(key, monitor);
    if (this.#monitors.size > MOST) {
      const [oldest, { id }] = this.#monitors.entries().next().value!;
      this.#endAlarms(this.#monitors.get(oldest)!);
      this.#monitors.delete(oldest);
      void this.#writes.run(() => this.#stored.removeMonitor(id)).catch(() => undefined);
    }
    return monitor;
  }

  /** Of a part that is no reference part and on record. Never throws: what fails here is no reason to give no answer. */
  observe(watched: WatchedInspection): void {
    try {
      this.#observe(watched);
    } catch (error) {
      this.#things.alarms.raise('drift', 'not watched', error);
    }
  }

  #observe(watched: WatchedInspection): void {
    const { inspection, statistics } = watched;
    const monitor = this.#monitorOf(watched);
    const { watch } = monitor;
    const wasLearning = watch.isLearning;
    const changes = watch.observe({ ...statistics, score: inspection.score }, inspection.createdAt);
    monitor.isChanged = true;
    for (const change of changes) if (change.began || !change.drifting.acknowledged) this.#tell(monitor, change);
    if (wasLearning && !watch.isLearning) void this.#compare(monitor);
  }

  async #compare(monitor: Monitor): Promise<void> {
    const bundle = this.#things.recipes.bundles.directory(monitor.recipe);
    const { learned } = monitor.watch.state;
    const unlike = await unlikeCalibration(bundle, learned);
    // meanwhile it may have begun to learn anew
    if (monitor.watch.state.learned !== learned) return;
    monitor.atCalibration = unlike;
    this.#tellCalibration(monitor);
    await this.write();
  }

  /** Those fed last first. */
  get all(): Told[] {
    return [...this.#monitors.values()].reverse().map((monitor) => this.#told(monitor));
  }

  #told({ id, recipe, recipeName, source, since, atCalibration, watch }: Monitor): Told {
    const { parts, points, drifting } = watch.state;
    return {
      ...{ id, recipe, recipeName, source, since, parts, atCalibration, points },
      learned: watch.learnedParts,
      learnsFrom: LEARNED_PARTS,
      channels: watch.channels.map((channel) => {
        const found = drifting.find((one) => one.channel === channel.name);
        const drift = found ? { since: found.since, message: found.message, acknowledged: found.acknowledged } : null;
        return { ...channel, title: channels[channel.name].title, drift };
      }),
    };
  }

  #endAlarms(monitor: Monitor): void {
    for (const drifting of monitor.watch.state.drifting) this.#tell(monitor, { began: false, drifting });
    this.#things.alarms.end('drift', this.#aboutOf(monitor, 'calibration'));
  }

  /** A person knows of it, or has it learn anew. Throws NOT_FOUND. */
  async reset(id: string, what: 'acknowledge' | 'learn', change: Change): Promise<Told> {
    const monitor = [...this.#monitors.values()].find((one) => one.id === id);
    if (!monitor) throw noMonitor(id);
    const { recipe, source, watch } = monitor;
    const detail = {
      recipe,
      source,
      drifting: watch.state.drifting.map(({ message }) => message),
      note: change.note ?? null,
    };
    const action = what === 'learn' ? ('drift.learned anew' as const) : ('drift.acknowledged' as const);
    await this.#things.records.audited(change, async () => [undefined, { action, subject: id, detail }]);
    this.#endAlarms(monitor);
    monitor.atCalibration = null;
    if (what === 'learn') {
      watch.learnAnew();
      monitor.since = change.at.toISOString();
    } else watch.acknowledge();
    monitor.isChanged = true;
    await this.write();
    return this.#told(monitor);
  }

  /** Writes what changed; what cannot be written is tried again, and told. */
  write(): Promise<void> {
    return this.#writes.run(async () => {
      const { alarms } = this.#things;
      for (const monitor of this.#monitors.values()) {
        if (!monitor.isChanged) continue;
        monitor.isChanged = false;
        const { watch, isChanged: _, ...one } = monitor;
        try {
          await this.#stored.writeMonitor({ schema: 1, ...one, state: watch.state });
          alarms.end('drift', 'not written');
        } catch (error) {
          monitor.isChanged = true;
          alarms.raise('drift', 'not written', error);
          return;
        }
      }
    });
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.write();
  }
}
