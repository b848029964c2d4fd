/** Drift, and reference parts. */
import type { Station } from '../../station.ts';
import { changeOf } from '../callers.ts';
import type { HandlersOf } from '../mount.ts';

export function driftHandlers({ drift, references }: Station): HandlersOf<'drift'> {
  return {
    getDrift: () => ({ monitors: drift.all, references: references.all }),
    resetDrift: ({ request, params, body }) => drift.reset(params.id, body.what, changeOf(request, body)),
    addReference: ({ request, body }) => references.add(body, changeOf(request, body)),
    removeReference: ({ request, params, query }) => references.remove(params.id, changeOf(request, query)),
  };
}
