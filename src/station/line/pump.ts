/** Brings an output its parts from the outbox: one at a time, in order, each until the other side has it. */
import { FelfriError } from '../../core/errors.ts';
import type { LineOutput } from '../contract/line.ts';
import type { Outbox, OutboxCounts, Outcome, OutgoingPart } from '../records/outbox.ts';
import type { Connector, LineTools } from './connector.ts';
import type { OutputSettings } from './file.ts';
import { partMessage } from './messages.ts';

const BATCH = 50;
/** After which the outbox is looked into though nothing was heard. */
const LOOK_MILLIS = 5000;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 15_000;
/** For so long an output may fail before it is an alarm. */
const ALARM_MILLIS = 10_000;
const BOUNDS_MILLIS = 10_000;

const settlings = ['delivered', 'expired', 'given up'] as const satisfies readonly Outcome[];
type Settling = (typeof settlings)[number];

export class Pump {
  readonly #outbox: Outbox;
  readonly #output: Pick<OutputSettings, 'name' | 'common'>;
  readonly #tools: LineTools;
  readonly #connector: Connector;
  readonly #end = new AbortController();
  /** Parts that the other side has, of which that could not be noted yet. */
  readonly #unnoted = new Map<number, Settling>();
  /** The last part that is held: those up to it need not be looked at again. */
  #heldTo = 0;
  /** How often all that was held was brought again. */
  #rounds = 0;
  #wake = (): void => undefined;
  #isAwake = false;
  #pause = 0;
  #exchanges = 0;
  #failures = 0;
  #failingSince: number | null = null;
  #problem: string | null = null;
  #lastExchange: string | null = null;
  #boundsAt = Number.NEGATIVE_INFINITY;
  readonly #running: Promise<void>;

  constructor(outbox: Outbox, output: Pick<OutputSettings, 'name' | 'common'>, tools: LineTools, connector: Connector) {
    this.#outbox = outbox;
    this.#output = output;
    this.#tools = tools;
    this.#connector = connector;
    this.#running = this.#run();
  }

  /** There is a part. While the output fails this does not shorten the wait. */
  wake(): void {
    this.#isAwake = true;
    if (this.#problem === null) this.#wake();
  }

  /** Another try is worth it at once. */
  retry(): void {
    this.#isAwake = true;
    this.#pause = 0;
    this.#wake();
  }

  async #run(): Promise<void> {
    while (!this.#end.signal.aborted) {
      try {
        await this.#note();
        await this.#bound();
        const round = this.#rounds;
        const { parts, unfit } = await this.#outbox.waiting(this.#output.name, BATCH, this.#heldTo);
        await this.#giveUp(unfit);
        for (const part of parts) {
          if (this.#end.signal.aborted || round !== this.#rounds) break;
          if (!this.#unnoted.has(part.sequence)) await this.#bring(part);
          await this.#note();
        }
        this.#pause = 0;
        this.#succeed();
        if (parts.length + unfit.length === 0) await this.#sleep(LOOK_MILLIS);
      } catch (error) {
        if (this.#end.signal.aborted) break;
        this.#fail(error);
        this.#isAwake = false;
        this.#pause = Math.min(LONGEST_PAUSE, this.#pause === 0 ? FIRST_PAUSE : 2 * this.#pause);
        await this.#sleep(this.#pause);
      }
    }
  }

  /** The other side has parts that were held. Throws where that cannot be noted; then they stay held. */
  async taken(sequences: readonly number[]): Promise<void> {
    await this.#outbox.settle(this.#output.name, sequences, 'delivered', new Date());
    this.#exchanged(sequences.length);
    this.retry();
  }

  #exchanged(parts: number): void {
    this.#exchanges += parts;
    this.#lastExchange = new Date().toISOString();
  }

  /** Nothing is held any more. */
  bringAgain(): void {
    this.#heldTo = 0;
    this.#rounds++;
    this.retry();
  }

  async #bring(part: OutgoingPart): Promise<void> {
    const round = this.#rounds;
    const outcome = await this.#connector.deliver(partMessage(this.#tools.station, part), this.#end.signal);
    if (outcome === 'held') {
      if (round !== this.#rounds) throw new FelfriError('LINE_UNDELIVERED', 'what was shown is to be brought again');
      this.#heldTo = part.sequence;
      return;
    }
    this.#unnoted.set(part.sequence, outcome);
    if (outcome === 'delivered') {
      this.#exchanged(1);
      this.#succeed();
    }
  }

  /** Whoever put or altered them past the station must not have a part passed by it. */
  async #giveUp(unfit: readonly number[]): Promise<void> {
    if (unfit.length === 0) return;
    const why = `parts are other than on record, or their records are gone, so they are not sent: number ${unfit.slice(0, 5).join(', ')}${unfit.length > 5 ? ' and more' : ''}`;
    this.#tools.alarm('altered', new FelfriError('RECORDS_ALTERED', why));
    for (const sequence of unfit) this.#unnoted.set(sequence, 'given up');
    await this.#note();
  }

  /** What is not noted yet stays to be noted: the other side is not given it a second time. */
  async #note(): Promise<void> {
    for (const outcome of settlings) {
      const of = [...this.#unnoted].filter(([, one]) => one === outcome).map(([sequence]) => sequence);
      if (of.length === 0) continue;
      await this.#outbox.settle(this.#output.name, of, outcome, new Date());
      for (const sequence of of) this.#unnoted.delete(sequence);
    }
  }

  async #bound(): Promise<void> {
    const now = performance.now();
    if (now - this.#boundsAt < BOUNDS_MILLIS) return;
    this.#boundsAt = now;
    const { name, common } = this.#output;
    const gone = await this.#outbox.giveUp(name, common.keep, new Date());
    if (gone > 0) {
      const why = `more than ${common.keep} parts waited, so the oldest were given up; they are on record`;
      this.#tools.alarm('given up', new FelfriError('LINE_LOST', why));
    }
    const waiting = await this.#outbox.backlog(name);
    if (waiting >= common.alarmAt)
      this.#tools.alarm('backlog', new FelfriError('LINE_BACKLOG', `${common.alarmAt} parts or more wait to be taken`));
    else this.#tools.over('backlog');
  }

  #fail(error: unknown): void {
    this.#failures++;
    this.#problem = (error as Error).message;
    this.#failingSince ??= performance.now();
    if (performance.now() - this.#failingSince >= ALARM_MILLIS) this.#tools.alarm('delivery', error);
  }

  #succeed(): void {
    this.#problem = null;
    this.#failingSince = null;
    this.#tools.over('delivery');
  }

  /** For so long, or until it is woken. */
  async #sleep(millis: number): Promise<void> {
    const { signal } = this.#end;
    if (!this.#isAwake && !signal.aborted)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, millis);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    this.#isAwake = false;
    this.#wake = () => undefined;
  }

  get told(): Pick<LineOutput, 'connected' | 'problem' | 'lastExchange' | 'exchanges' | 'failures'> {
    return {
      connected: this.#connector.connected ?? this.#problem === null,
      problem: this.#problem,
      lastExchange: this.#lastExchange,
      exchanges: this.#exchanges,
      failures: this.#failures,
    };
  }

  /** Gives what waits a last chance of so long. */
  async close(millis: number): Promise<void> {
    const until = performance.now() + millis;
    this.wake();
    while (performance.now() < until && this.#problem === null) {
      const waiting = await this.#outbox.backlog(this.#output.name).catch(() => 0);
      if (waiting === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    this.#end.abort();
    this.#wake();
    await this.#connector.close();
    await this.#running;
    await this.#note().catch(() => undefined);
  }
}

export const countsOf = ({ waiting, delivered, expired, 'given up': givenUp }: OutboxCounts) => ({
  waiting,
  delivered,
  expired,
  givenUp,
});
