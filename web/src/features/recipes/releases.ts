/** Releases of recipes, as the station has them, and signing for one. */
import type { RecipeRelease, ReleaseList, SignRequest } from '../../../../src/station/contract/releases.ts';
import { call } from '../../api/client.ts';

export type { RecipeRelease, ReleaseList, SignRequest } from '../../../../src/station/contract/releases.ts';

export const getReleases = (signal?: AbortSignal) => call('listReleases', { signal });

export const signRelease = (id: string, body: SignRequest) => call('signRelease', { params: { id }, body });

/** What is said of each state. */
export const stateWords: Readonly<Record<RecipeRelease['state'], string>> = {
  released: 'Released',
  changed: 'Changed since its release',
  unreleased: 'Not released',
};

/** Whether a signature for it means anything: of one person's release a second person may still make one of two. */
export const mayBeSigned = ({ state, inForce }: RecipeRelease): boolean =>
  state !== 'released' || inForce?.proposal === null;

/** Whether it may be released now, or must be proposed first. */
export const mayRelease = ({ state, proposal }: RecipeRelease, policy: ReleaseList['policy']): boolean =>
  proposal !== null || (policy !== 'four-eyes' && state !== 'released');
