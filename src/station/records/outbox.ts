/**
 * Parts on their way to the outputs of a line. A row for each part and output is written in the transaction of the part's own record, so that
 * neither is there without the other, and is settled when the output has it: whatever is killed in between, no part is lost.
 */
import type { NewInspection, NewNotInspected } from './new-records.ts';

export interface OutgoingPart {
  /** Of the station, from 1 and without gaps, in the order of recording; the same for all outputs. */
  readonly sequence: number;
  readonly record: NewInspection | NewNotInspected;
}

/** delivered: the output has it; expired: it was too old for the output to act on; given up: more waited than the limit allows, or it is not what is on record. */
export type Outcome = 'delivered' | 'expired' | 'given up';

export interface WaitingParts {
  readonly parts: readonly OutgoingPart[];
  /** Sequence numbers of those that are other than on record, or whose records were removed: they must not go out. */
  readonly unfit: readonly number[];
}

export interface OutboxCounts extends Readonly<Record<Outcome, number>> {
  readonly waiting: number;
}

export interface Outbox {
  /** Parts that are recorded from now on are for these outputs. */
  sendTo(outputs: readonly string[]): void;
  /** Hears after each transaction that added parts; gives a function that ends it. */
  listen(listener: () => void): () => void;
  /** Parts that are not settled, above a sequence number, oldest first. */
  waiting(output: string, limit: number, above?: number): Promise<WaitingParts>;
  /** Whatever became of them, parts above a sequence number that are still kept, as they are on record, oldest first. */
  after(output: string, sequence: number, limit: number): Promise<OutgoingPart[]>;
  settle(output: string, sequences: readonly number[], outcome: Outcome, at: Date): Promise<void>;
  /** How many are not settled. */
  backlog(output: string): Promise<number>;
  /** Of the rows that are still kept. */
  counts(output: string): Promise<OutboxCounts>;
  /** Gives up the oldest where more than `most` wait for an output. Gives how many. */
  giveUp(output: string, most: number, at: Date): Promise<number>;
  /** Removes what was settled before a time, and what waits since before it for outputs that are none any more; a few at a time, so that records go on. */
  removeSettled(before: Date): Promise<void>;
}
