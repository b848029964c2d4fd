/** An error as the page shows it: the service's code and message, or one for what never reached it. */

export interface Problem {
  readonly code: string;
  readonly message: string;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** Seconds after which the service asks to be tried again. */
  readonly retryAfter?: number;
}

/** Thrown by every call of the service that did not succeed. */
export class StationError extends Error implements Problem {
  readonly code: string;
  readonly status: number;
  readonly retryAfter?: number;

  constructor({ code, message, status, retryAfter }: Problem) {
    super(message);
    this.name = 'StationError';
    this.code = code;
    this.status = status;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
  }
}

export const unreachable: Problem = {
  code: 'STATION_UNREACHABLE',
  message: 'The station does not answer. Is the service running?',
  status: 0,
};

/** What is shown for anything caught. */
export function problemOf(error: unknown): Problem {
  if (error instanceof StationError) return error;
  return { code: 'PAGE_FAILED', message: error instanceof Error ? error.message : String(error), status: 0 };
}
