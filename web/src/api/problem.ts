/** An error as the page shows it: the service's code and message, or one for what never reached it. */
import { StationError } from '../../../src/station/client/connection.ts';

export interface Problem {
  readonly code: string;
  readonly message: string;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** Seconds after which the service asks to be tried again. */
  readonly retryAfter?: number | undefined;
}

/** What is shown for anything caught. */
export function problemOf(error: unknown): Problem {
  if (error instanceof StationError) return error;
  return { code: 'PAGE_FAILED', message: error instanceof Error ? error.message : String(error), status: 0 };
}
