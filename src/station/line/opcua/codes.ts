/** What `Error` of a method says: 0 is good, numbers above 0 are the specification's, those below 0 ours. */
export const methodErrors = {
  ok: [0, 'done'],
  unknown: [-1, 'there is no such result, recipe, configuration or product'],
  ambiguous: [-2, 'several recipes have this name; use the internal id'],
  notNow: [-3, 'not in this state, or another job runs'],
  failed: [-4, 'it could not be done; the station’s log says why'],
  notRecorded: [-5, 'the station could not note it; ask again'],
  notOffered: [-6, 'felfri does not do this'],
  noPart: [-7, 'the job names no PartId, by which its image is known (`pairBy`)'],
  notPrepared: [-8, 'this recipe is not prepared'],
} as const satisfies Record<string, readonly [number, string]>;

export type MethodError = keyof typeof methodErrors;

/** `ResultState` of both specifications. */
export const resultStates = { completed: 1, aborted: 3, failed: 4 } as const;

/** `ResultEvaluation` of OPC 40001-101, by decision. */
export const evaluations = { OK: 1, NG: 2, REVIEW: 3, NOT_INSPECTED: 3 } as const;
