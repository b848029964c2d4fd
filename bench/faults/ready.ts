/** Whether /ready told the truth during an outage. */
import type { Clients } from './clients.ts';
import type { Outage } from './of-station.ts';

/**
 * How often it said that the station is ready while images that were sent after that, and before the outage was over, were refused, and none
 * of them was recorded.
 */
export function readyInVain({ askings, sendings }: Clients, { from, to }: NonNullable<Outage>): number {
  return askings.filter(({ askedAt, answeredAt, ready }) => {
    if (!ready || askedAt < from || answeredAt > to) return false;
    const later = sendings.filter((one) => one.sentAt >= answeredAt && one.answeredAt <= to);
    return later.some(({ status }) => status >= 500) && !later.some(({ status }) => status === 200 || status === 201);
  }).length;
}
