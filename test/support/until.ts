/** How long tests wait, one time for each kind of waiting, and the waiting itself. */
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Milliseconds. Only what fails waits so long, so they are far above what any of it takes: continuous integration runs on machines several times
 * slower, with other things to do.
 */
export const patience = {
  /** For one condition: `until`, `expect.poll`, what a page shows. */
  condition: 120_000,
  /** For a test or a hook as a whole. */
  test: 900_000,
} as const;

/** Until it holds. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  millis: number = patience.condition,
): Promise<void> {
  for (const end = performance.now() + millis; !(await holds()); await sleep(20))
    if (performance.now() > end) throw new Error(`not within ${millis / 1000} s: ${what}`);
}
