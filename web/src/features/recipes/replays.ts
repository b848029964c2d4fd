/** Two recipes on the same kept images, as the service sees them. */
import { addressOf } from '../../../../src/station/client/connection.ts';
import type { NewReplay } from '../../../../src/station/contract/replays.ts';
import { call } from '../../api/client.ts';

export type { Replay, ReplayedChange } from '../../../../src/station/contract/replays.ts';

export const startReplay = (asked: NewReplay) => call('startReplay', { body: asked });

export const getReplay = (id: string, signal?: AbortSignal) => call('getReplay', { params: { id }, signal });

export const cancelReplay = (id: string) => call('cancelReplay', { params: { id } });

/** The map of an inspection by any recipe, computed when it is asked for. */
export const mapByAddress = (inspection: string, recipe: string, longest: number) =>
  addressOf('getMapByRecipe', { params: { id: inspection, recipe }, query: { longest } });
