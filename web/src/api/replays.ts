/** Two recipes on the same kept images, as the service sees them. */
import type { NewReplay, Replay } from '../../../src/station/contract/replays.ts';
import { at, get, send } from './client.ts';

export type { Replay, ReplayedChange } from '../../../src/station/contract/replays.ts';

export function startReplay(asked: NewReplay): Promise<Replay> {
  return send('POST', '/api/replays', asked);
}

export function getReplay(id: string): Promise<Replay> {
  return get(`/api/replays/${at(id)}`);
}

export function cancelReplay(id: string): Promise<Replay> {
  return send('POST', `/api/replays/${at(id)}/cancel`, {});
}

/** The map of an inspection by any recipe, computed when it is asked for. */
export function mapByAddress(inspection: string, recipe: string, longest: number): string {
  return `/api/inspections/${at(inspection)}/maps/${at(recipe)}?longest=${longest}`;
}
