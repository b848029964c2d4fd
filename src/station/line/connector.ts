/** What a connector of the line is: a row of the table, and what the row makes. */
import type { Static, TObject, TProperties } from '../../core/schema.ts';
import type { Entered } from '../access/sign-in.ts';
import type { PartMessage, StateMessage } from '../contract/line.ts';
import type { Moment } from '../moments.ts';
import type { LineRecipes } from './recipes.ts';

/** What a connector is given of the station. */
export interface LineTools {
  /** Of this output, as the file names it. */
  readonly name: string;
  readonly station: string;
  state(): StateMessage;
  /** Says that something of this output is wrong, until it is said to be over; `about` tells several things apart. */
  alarm(about: string, error: unknown): void;
  over(about: string): void;
  /** Says that another try is worth it now, as where somebody came. */
  retry(): void;
  /** Says that the other side has parts that were held; resolves when that is noted for good. Throws where it cannot be. */
  taken(sequences: readonly number[]): Promise<void>;
  /** Says that whatever was held is shown no more, so that it is brought again. */
  bringAgain(): void;
  /** Says that a part is there, so that sources that are triggered by this output take an image of it. */
  triggered(part: string | null): void;
  readonly recipes: LineRecipes;
  /** When the image of a record came and was decided on; undefined of what was recorded before this start. */
  momentOf(id: string): Moment | undefined;
  /** Data folder of the station. */
  readonly folder: string;
  /** Who somebody is, by password or token. Throws UNAUTHORISED, TOO_BUSY, RATE_EXCEEDED. */
  signIn(name: string, secret: string): Promise<Entered>;
  /** Puts on record that a part that was announced was not inspected. */
  missed(part: string | null, message: string): Promise<void>;
}

export type Delivery = 'delivered' | 'expired' | 'held';

export interface Connector {
  /**
   * Resolves when the other side has the part, or when it is too old for this way. Throws what stands in the way; then it is asked again with
   * the same part, until it resolves. One at a time, in order. `held`: it is shown, and the next may come; it waits for `LineTools.taken`.
   */
  deliver(part: PartMessage, signal: AbortSignal): Promise<Delivery>;
  /** Hears of each new state, and again every second. */
  tell(state: StateMessage): void;
  /** Whether somebody is at the other end; null where that is not known before something is sent. */
  readonly connected: boolean | null;
  close(): Promise<void>;
}

/** One row of the table of connectors. */
export interface ConnectorRow<P extends TProperties> {
  readonly title: string;
  /** What it does, in a sentence. */
  readonly does: string;
  /** Whether its other side announces parts, so that sources can take images by it. */
  readonly announces: boolean;
  /** Beside those that every output has; with defaults. */
  readonly settings: P;
  /** A whole set of settings, as the guide shows it. */
  readonly example: Readonly<Record<string, unknown>>;
  address(settings: Static<TObject<P>>): string;
  /** Tries the other side without sending a part; gives what it found in a sentence. Throws what stands in the way. */
  check(settings: Static<TObject<P>>, signal: AbortSignal): Promise<string>;
  make(settings: Static<TObject<P>>, tools: LineTools): Promise<Connector>;
}

/** Keeps the row's types of settings. */
export const connectorRow = <P extends TProperties>(row: ConnectorRow<P>): ConnectorRow<P> => row;
