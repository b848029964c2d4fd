/**
 * Jobs that clients start. A single one announces a part, as a trigger does: within the inspect window it gets exactly one result. A continuous
 * one has all parts of whatever images come until it is stopped. Which result is whose is known here, in the station, whatever becomes of the server.
 */
import type { PartMessage } from '../../contract/line.ts';
import { newId } from '../../ids.ts';
import type { Moment } from '../../moments.ts';
import type { LineTools } from '../connector.ts';
import { InspectWindow } from '../inspect-window.ts';
import type { MethodError } from './codes.ts';
import type { JobAsk, JobEnd, JobKind, PartJob, RunningJob } from './messages.ts';
import type { OpcuaSettings } from './settings.ts';

/** For so long what ended is looked for on record. */
const FORGET_MILLIS = 10_000;
/** Of parts that wait to be acknowledged. */
const MOST_KNOWN = 20_000;

interface Job extends RunningJob {
  readonly meas: string | null;
  isAborted: boolean;
  isResult(part: PartMessage, moment: Moment): boolean;
  takeNoMore(): void;
  close(): void;
}

export class Jobs {
  readonly #settings: OpcuaSettings;
  readonly #tools: LineTools;
  /** To be called when a job ends by itself. */
  readonly #ended: () => void;
  #running: Job | null = null;
  /** The part that is the result of the job that runs; it is shown next. */
  #claimed: number | null = null;
  /** Jobs that a client ended, of which results may come yet. */
  readonly #ending = new Set<Job>();
  readonly #ofParts = new Map<number, PartJob>();

  constructor(settings: OpcuaSettings, tools: LineTools, ended: () => void) {
    this.#settings = settings;
    this.#tools = tools;
    this.#ended = ended;
  }

  get running(): RunningJob | null {
    return this.#running && { id: this.#running.id, kind: this.#running.kind };
  }

  /** Gives its id, or why there is none. */
  start({ kind, meas, part, recipe }: JobAsk): { readonly id: string } | { readonly refused: MethodError } {
    const { active } = this.#tools.recipes;
    if (this.#running || !this.#tools.state().ready || !active) return { refused: 'notNow' };
    if (recipe !== '' && recipe !== active.name && recipe !== active.id) return { refused: 'notPrepared' };
    if (kind === 'single' && part === '' && this.#settings.pairBy === 'part') return { refused: 'noPart' };
    const about = { id: newId(), kind, meas: meas || null, isAborted: false };
    this.#claimed = null;
    this.#running = kind === 'single' ? this.#single(about, part || null) : continuous(about, part || null, active.id);
    if (kind === 'single') this.#tools.triggered(part || null);
    return { id: about.id };
  }

  #single(about: About, part: string | null): Job {
    const window = new InspectWindow(part, this.#settings, this.#tools, FORGET_MILLIS, {
      ended: () => undefined,
      forgotten: () => this.#drop(job),
    });
    const job: Job = {
      ...about,
      isResult: (message, moment) => window.isResult(message, moment),
      takeNoMore: () => {
        if (job.isAborted) void window.abort('before its job was aborted');
        else window.takeNoMore();
      },
      close: () => window.close(),
    };
    return job;
  }

  /** Ends the one that runs. Of a single job that is stopped the image may have come already; of one that is aborted nothing counts any more. */
  end(how: JobEnd): MethodError | null {
    const job = this.#running;
    if (!job) return 'notNow';
    this.#running = null;
    // its result is about to be shown
    if (this.#claimed !== null) return null;
    job.isAborted = how === 'abort';
    job.takeNoMore();
    if (job.kind === 'single') this.#ending.add(job);
    else if (how === 'stop') {
      this.#ending.add(job);
      setTimeout(() => this.#ending.delete(job), this.#settings.windowMillis + FORGET_MILLIS).unref();
    }
    return null;
  }

  #drop(job: Job): void {
    this.#ending.delete(job);
    if (this.#running !== job) return;
    this.#running = null;
    this.#ended();
  }

  /** The job that a part belongs to, the same at every time that it is asked. */
  of(part: PartMessage): PartJob | null {
    const { sequence } = part;
    // parts come in order: one before this was given up
    if (this.#claimed !== null && this.#claimed < sequence) this.shown(this.#claimed);
    const known = this.#ofParts.get(sequence);
    const moment = this.#tools.momentOf(part.id);
    if (known || !moment) return known ?? null;
    const candidates = [...this.#ending, ...(this.#running && this.#claimed === null ? [this.#running] : [])];
    const job = candidates.find((one) => one.isResult(part, moment));
    if (!job) return null;
    const found = { id: job.id, meas: job.meas, isAborted: job.isAborted };
    this.#ofParts.set(sequence, found);
    const [oldest] = this.#ofParts.keys();
    if (this.#ofParts.size > MOST_KNOWN) this.#ofParts.delete(oldest!);
    if (job.kind === 'single') {
      job.close();
      if (!this.#ending.delete(job)) this.#claimed = sequence;
    }
    return found;
  }

  /** The single job whose result was shown is over. */
  shown(sequence: number): void {
    if (this.#claimed !== sequence) return;
    this.#claimed = null;
    this.#running = null;
    this.#ended();
  }

  /** Nobody asks for these parts any more. */
  forget(sequences: readonly number[]): void {
    for (const sequence of sequences) this.#ofParts.delete(sequence);
  }

  close(): void {
    for (const job of [...this.#ending, ...(this.#running ? [this.#running] : [])]) job.close();
  }
}

interface About {
  readonly id: string;
  readonly kind: JobKind;
  readonly meas: string | null;
  isAborted: boolean;
}

/** Of images that come until it ends, and of its part alone where it names one. What passes by another recipe is not its. */
function continuous(about: About, part: string | null, recipe: string): Job {
  const at = performance.now();
  let until = Number.POSITIVE_INFINITY;
  return {
    ...about,
    isResult: (message, { cameAt }) =>
      (part === null || part === message.part) &&
      (!message.pass || message.recipe === recipe) &&
      cameAt >= at &&
      cameAt < until,
    takeNoMore: () => {
      until = performance.now();
    },
    close: () => undefined,
  };
}
