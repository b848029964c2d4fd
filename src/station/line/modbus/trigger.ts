/** A part that the controller announced, until its result is there. */
import type { PartMessage } from '../../contract/line.ts';
import type { Moment } from '../../moments.ts';
import type { ModbusSettings } from './settings.ts';

export interface Trigger {
  readonly acquisitionId: number;
  readonly part: string | null;
  /** Id of the one that was active: the controller chose it, or saw it in Current Recipe. */
  readonly recipe: string | null;
  /** As performance.now() has it. */
  readonly at: number;
  /** Whether its window ended: then what is put on record of that is its result. */
  hasEnded: boolean;
  timer: ReturnType<typeof setTimeout>;
}

/**
 * Whether a record is the result of a trigger: of the part it announced, and of an image that began to come after it. An image may name a recipe
 * of its own; what passes by another than the controller relies on passes for no trigger. `moment`: of the record.
 */
export function isResultOf(
  { part, recipe, at, hasEnded }: Trigger,
  message: PartMessage,
  moment: Moment,
  pairBy: ModbusSettings['pairBy'],
): boolean {
  if (part !== message.part && (part !== null || pairBy === 'part')) return false;
  if (message.pass && message.recipe !== recipe) return false;
  if (hasEnded) return message.code === 'LINE_LATE';
  return moment.cameAt >= at;
}
