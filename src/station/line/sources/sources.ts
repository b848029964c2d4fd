/** The sources of a line: opened beside the station, told, tested and closed. */
import { FelfriError } from '../../../core/errors.ts';
import type { Inspection } from '../../contract/inspections.ts';
import type { LineCheck, LineSource } from '../../contract/line.ts';
import type { Station } from '../../station.ts';
import { checked } from '../check.ts';
import { givesViews, type LineFile, type SourceSettings } from '../file.ts';
import { Feed } from './feed.ts';
import { Assembly } from './parts/assembly.ts';
import { SentViews } from './parts/sent-views.ts';
import { Room } from './room.ts';
import type { Source, SourceRow, Triggered } from './source.ts';
import { sources as table } from './table.ts';

const AGAIN_MILLIS = 5000;

/** The row of a source with its types forgotten: its settings were checked against it. */
const rowOf = ({ kind }: SourceSettings) => table[kind] as unknown as SourceRow<Record<never, never>>;

/** Tries to reach a source. Never throws. */
export const checkSource = (source: SourceSettings): Promise<LineCheck> =>
  checked((signal) => rowOf(source).check(source.settings, signal));

interface Opened {
  readonly settings: SourceSettings;
  readonly feed: Feed;
  source: Source | null;
}

export class Sources {
  readonly #all: readonly Opened[];
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  readonly #assembly: Assembly | null;
  /** Views that come by HTTP. */
  readonly sentViews: SentViews;
  #isClosed = false;

  constructor({ sources, parts }: Pick<LineFile, 'sources' | 'parts'>, station: Station) {
    const { alarms, inspections } = station;
    this.#assembly =
      parts &&
      new Assembly(parts, {
        recordPart: (views, part) => inspections.recordPart(views, part),
        alarm: (error) => void alarms.raise('line', 'views', error),
        over: () => alarms.end('line', 'views'),
      });
    const room = new Room();
    this.sentViews = new SentViews(parts, this.#assembly, room, station.records);
    this.#all = sources.map((settings) => {
      const assembly = parts && givesViews(settings, parts) ? this.#assembly : null;
      return { settings, feed: new Feed(settings.name, settings.common, station, room, assembly), source: null };
    });
  }

  begin(): void {
    for (const one of this.#all) void this.#open(one);
  }

  /** One that cannot be opened is an alarm, and is tried again. */
  async #open(one: Opened): Promise<void> {
    try {
      const source = await rowOf(one.settings).make(one.settings.settings, one.feed);
      if (this.#isClosed) return await source.close();
      one.source = source;
      one.feed.over('start');
    } catch (error) {
      one.feed.alarm('start', error);
      if (this.#isClosed) return;
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        void this.#open(one);
      }, AGAIN_MILLIS).unref();
      this.#timers.add(timer);
    }
  }

  told(): LineSource[] {
    return this.#all.map(({ settings, feed, source }) => {
      const { name, kind } = settings;
      const { title, address } = rowOf(settings);
      const { connected, problem, waiting } = source ?? { connected: false, problem: 'it is not open', waiting: 0 };
      return { name, kind, title, address: address(settings.settings), connected, problem, waiting, ...feed.told };
    });
  }

  #require(name: string): Opened {
    const found = this.#all.find(({ settings }) => settings.name === name);
    if (found) return found;
    throw new FelfriError('NOT_FOUND', `there is no source ${name} of the line`, { subject: name });
  }

  /** Throws NOT_FOUND. */
  async check(name: string): Promise<LineCheck> {
    return checkSource(this.#require(name).settings);
  }

  /** The decision on an image that a source takes now. Throws NOT_FOUND, OPTION_INVALID, SOURCE_LOST, and what `Source.trigger` throws. */
  async trigger(name: string, of: Triggered, withinMillis?: number): Promise<Inspection> {
    const { source } = this.#require(name);
    if (!source) throw new FelfriError('SOURCE_LOST', `${name} is not open`, { subject: name });
    if (source.trigger) return source.trigger(of, withinMillis);
    throw new FelfriError('OPTION_INVALID', `${name} takes no triggers; its images come by themselves`, {
      subject: name,
    });
  }

  /**
   * An output announced a part, and waits so long for it: its sources take images, and none after that, when the next part may be there. What comes
   * of it is on record.
   */
  triggered(output: string, of: Triggered, withinMillis?: number): void {
    for (const { settings, feed } of this.#all) {
      if ((settings.settings as { triggeredBy?: string }).triggeredBy !== output) continue;
      this.trigger(settings.name, of, withinMillis).catch(async (error: unknown) => {
        // where it is not open nothing was noted
        if (error instanceof FelfriError && error.code === 'SOURCE_LOST')
          await feed.note({ ...of, resultId: null }, error);
      });
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    // views that wait for others are given up, so that their sources can end
    this.#assembly?.close();
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all(this.#all.map(({ source }) => source?.close()));
    for (const { feed } of this.#all) feed.close();
  }
}
