/** Watches the parts of one recipe before one camera: learns from the first, and tells when later ones are not like them. Decides on no part. */
import { type Static, Type } from '../../core/schema.ts';
import { type ChannelName, channelNames, channels, saying, type Values } from './channels.ts';
import { after, LEARNED_PARTS, Learned } from './learned.ts';

/** Parts whose median says how far it is now. Half of them must have moved: defective parts in succession are no drift. */
const RECENT = 50;
/** Of the learned spread: a median that is nearer than this has not moved. */
const MOVED = 0.25;
/** Points of the chart; where there are more, every second goes, until there are so many parts between two. */
const POINTS = 300;
const MOST_APART = 1600;

const of = <T extends ReturnType<typeof Type.Array> | ReturnType<typeof Type.Number>>(type: T) =>
  Type.Object(Object.fromEntries(channelNames.map((name) => [name, type])) as Record<ChannelName, T>);
const Numbers = Type.Array(Type.Number());

const Drifting = Type.Object({
  channel: Type.Enum(channelNames as [ChannelName, ...ChannelName[]]),
  since: Type.String(),
  message: Type.String(),
  acknowledged: Type.Boolean(),
});
type Drifting = Static<typeof Drifting>;

const Point = Type.Object({ at: Type.String(), parts: Type.Integer(), ofLimit: Numbers });

/** All that a monitor knows, to be stored and gone on with. */
export const MonitorState = Type.Object({
  /** Values of the parts that it learns from, in their order. */
  learned: of(Type.Array(Type.Number())),
  recent: of(Type.Array(Type.Number())),
  /** Running means of deviations. */
  means: of(Type.Number()),
  /** Since it learned. */
  parts: Type.Integer({ minimum: 0 }),
  drifting: Type.Array(Drifting),
  points: Type.Array(Point),
  /** Parts between two points. */
  apart: Type.Integer({ minimum: 1 }),
});
export type MonitorState = Static<typeof MonitorState>;

const forEach = <T>(make: () => T): Record<ChannelName, T> =>
  Object.fromEntries(channelNames.map((name) => [name, make()])) as Record<ChannelName, T>;

const fresh = (): MonitorState => ({
  learned: forEach(() => []),
  recent: forEach(() => []),
  means: forEach(() => 0),
  parts: 0,
  drifting: [],
  points: [],
  apart: 10,
});

const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
/** Six digits are kept: more say nothing. */
const short = (value: number): number => Number(value.toPrecision(6));

export interface ChannelNow {
  readonly name: ChannelName;
  /** Median and spread that were learned; null while it learns. */
  readonly learned: number | null;
  readonly spread: number | null;
  /** Median of the last parts; null before the first. */
  readonly now: number | null;
  /** The running mean as a share of its limit, below 0 where values fall; null while it learns, and where the value wanders too much to be watched. */
  readonly ofLimit: number | null;
}

/** What began or ended with a part. */
export interface DriftChange {
  readonly began: boolean;
  readonly drifting: Drifting;
}

export class DriftMonitor {
  #state: MonitorState;
  #learned: Readonly<Record<ChannelName, Learned>> | null = null;

  constructor(state: MonitorState = fresh()) {
    this.#state = state;
    this.#settle();
  }

  get state(): MonitorState {
    return this.#state;
  }

  get learnedParts(): number {
    return this.#state.learned.score.length;
  }

  get isLearning(): boolean {
    return this.#learned === null;
  }

  #settle(): void {
    if (this.learnedParts < LEARNED_PARTS) return;
    const { learned } = this.#state;
    this.#learned = Object.fromEntries(
      channelNames.map((name) => [name, new Learned(learned[name], channels[name].least)]),
    ) as Record<ChannelName, Learned>;
  }

  /**
   * A part that was decided on at that time (ISO 8601), whatever the decision: were it learned from OK parts alone, and all watched, the others would
   * be a drift. Gives what began or ended to drift with it.
   */
  observe(values: Values, at: string): DriftChange[] {
    const state = this.#state;
    if (!this.#learned) {
      for (const name of channelNames) state.learned[name].push(short(values[name]));
      this.#settle();
      return [];
    }
    state.parts++;
    const changes = channelNames.flatMap((name) => this.#watch(name, short(values[name]), at) ?? []);
    if (state.parts % state.apart === 0) this.#note(at);
    return changes;
  }

  #watch(name: ChannelName, value: number, at: string): DriftChange | undefined {
    const state = this.#state;
    const learned = this.#learned![name];
    const recent = state.recent[name];
    recent.push(value);
    if (recent.length > RECENT) recent.shift();
    const mean = after(state.means[name], learned.deviation(value));
    state.means[name] = mean;
    if (learned.limit === null) return undefined;
    const at0 = state.drifting.findIndex(({ channel }) => channel === name);
    if (at0 >= 0) {
      if (Math.abs(mean) > learned.limit / 2) return undefined;
      const [drifting] = state.drifting.splice(at0, 1);
      return { began: false, drifting: drifting! };
    }
    if (Math.abs(mean) < learned.limit) return undefined;
    const now = middle(recent);
    const { floor, floorShare } = channels[name];
    const moved = Math.sign(mean) * (now - learned.median);
    if (moved < Math.max(floor, floorShare * Math.abs(learned.median), MOVED * learned.spread)) return undefined;
    const drifting = { channel: name, since: at, message: saying(name, now, learned.median), acknowledged: false };
    state.drifting.push(drifting);
    return { began: true, drifting };
  }

  #note(at: string): void {
    const state = this.#state;
    const ofLimit = this.channels.map((one) => Number((one.ofLimit ?? 0).toFixed(3)));
    state.points.push({ at, parts: state.parts, ofLimit });
    if (state.points.length <= POINTS) return;
    if (state.apart >= MOST_APART) state.points.shift();
    else {
      state.apart *= 2;
      state.points = state.points.filter(({ parts }) => parts % state.apart === 0);
    }
  }

  get channels(): ChannelNow[] {
    const { means, recent } = this.#state;
    return channelNames.map((name) => {
      const learned = this.#learned?.[name];
      return {
        name,
        learned: learned?.median ?? null,
        spread: learned?.spread ?? null,
        now: recent[name].length > 0 ? middle(recent[name]) : null,
        ofLimit: learned && learned.limit !== null ? means[name] / learned.limit : null,
      };
    });
  }

  /** Somebody knows of what drifts now; it is told again only after it came back. */
  acknowledge(): void {
    const state = this.#state;
    state.drifting = state.drifting.map((one) => ({ ...one, acknowledged: true }));
  }

  /** Forgets all, and learns from the next parts. */
  learnAnew(): void {
    this.#state = fresh();
    this.#learned = null;
  }
}
