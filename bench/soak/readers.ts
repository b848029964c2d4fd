/** Who looks at the station meanwhile: pages that are open, a person who searches, and what collects metrics. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openPage } from '../pressure-tasks.ts';
import type { ServedStation } from '../served-station.ts';

const QUESTIONS = [
  '/api/inspections?limit=100',
  '/api/inspections?decision=NG&limit=50',
  '/api/review?limit=20',
  '/api/statistics?by=hour',
  '/api/station',
  '/metrics',
  '/ready',
];
const QUESTION_MILLIS = 2000;

/** Until `closed`; a page that loses its station opens again, as a browser does. */
export async function readers(address: () => string, pages: number, closed: AbortSignal): Promise<void> {
  const page = async (): Promise<void> => {
    while (!closed.aborted) {
      await openPage({ address: address() } as ServedStation, closed);
      await sleep(1000);
    }
  };
  const person = async (): Promise<void> => {
    for (let i = 0; !closed.aborted; i++) {
      const path = QUESTIONS[i % QUESTIONS.length]!;
      await fetch(`${address()}${path}`, { signal: AbortSignal.timeout(30_000) })
        .then((answer) => answer.arrayBuffer())
        .catch(() => undefined);
      await sleep(QUESTION_MILLIS);
    }
  };
  await Promise.all([...Array.from({ length: pages }, page), person()]);
}
