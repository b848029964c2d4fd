/** A part that the controller announced, until its result is there. */
import type { PartMessage } from '../../contract/line.ts';
import type { ModbusSettings } from './settings.ts';

/** A record's time is to the millisecond. */
const ROUNDING_MILLIS = 2;

export interface Trigger {
  readonly acquisitionId: number;
  readonly part: string | null;
  /** Id of the one that was active: the controller chose it, or saw it in Current Recipe. */
  readonly recipe: string | null;
  /** As Date.now() has it. */
  readonly at: number;
  /** Whether its window ended: then what is put on record of that is its result. */
  hasEnded: boolean;
  timer: ReturnType<typeof setTimeout>;
}

/**
 * Whether a record is the result of a trigger: of the part it announced, and of an image that was accepted after it. An image may name a recipe
 * of its own; what passes by another than the controller relies on passes for no trigger.
 */
export function isResultOf(
  { part, recipe, at, hasEnded }: Trigger,
  message: PartMessage,
  pairBy: ModbusSettings['pairBy'],
): boolean {
  if (part !== message.part && (part !== null || pairBy === 'part')) return false;
  if (message.pass && message.recipe !== recipe) return false;
  if (hasEnded) return message.code === 'LINE_LATE';
  return Date.parse(message.at) - message.millis >= at - ROUNDING_MILLIS;
}
