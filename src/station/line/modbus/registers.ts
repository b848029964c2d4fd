/**
 * The registers, a row each, in the terms that integrators know. The server, the handshake, `felfri line registers` and
 * docs/modbus-registers.md read this table. Addresses count from 0; holding registers (function 3) and input registers (4) are the same.
 */

/** Bits of the words of bits, by their place. */
export const statusBits = {
  online: [0, 'Online', 'a trigger would be taken: decided, recorded, and answered'],
  triggerReady: [1, 'Trigger Ready', 'the next trigger may come'],
  triggerAck: [2, 'Trigger Ack', 'the trigger was taken; falls with Trigger'],
  missedAcq: [3, 'Missed Acq', 'a trigger came while Trigger Ready was low: no part is awaited for it'],
  systemBusy: [4, 'System Busy', 'a part or a command is under way'],
  resultsValid: [5, 'Results Valid', 'the result registers hold a result that is not acknowledged yet'],
  overrun: [6, 'Results Buffer Overrun', 'results became too old before they were acknowledged; they are on record'],
  jobPass: [7, 'Job Pass', 'the decision is OK; only ever set together with Results Valid'],
  error: [8, 'Error', 'Error Code says which'],
  recipePrepared: [9, 'Recipe Prepared', 'a recipe is active'],
  degraded: [10, 'Degraded', 'an alarm is up, while the rest goes on'],
  commandExecuting: [11, 'Command Executing', 'the recipe is being changed'],
  commandCompleted: [12, 'Command Completed', 'it was changed; falls with Execute Command'],
  commandFailed: [13, 'Command Failed', 'it was not changed; falls with Execute Command'],
} as const;

export const controlBits = {
  triggerEnable: [0, 'Trigger Enable', 'parts are announced by Trigger; without it results come as they are decided'],
  trigger: [1, 'Trigger', 'rises when a part is there'],
  resultsAck: [2, 'Results Ack', 'rises when the result was read; lower it when Results Valid has fallen'],
  setOffline: [3, 'Set Offline', 'no triggers are taken'],
  clearError: [4, 'Clear Error', 'rises to clear Error, Error Code and Results Buffer Overrun'],
  executeCommand: [5, 'Execute Command', 'rises to activate the recipe of Recipe Choice'],
} as const;

type Bits = Readonly<Record<string, readonly [bit: number, name: string, meaning: string]>>;

interface Register {
  readonly address: number;
  readonly name: string;
  readonly type: 'bits' | 'uint16' | 'uint32' | 'float32' | 'text';
  /** Registers that it takes. */
  readonly words: number;
  /** Who writes it. */
  readonly by: 'station' | 'controller';
  readonly meaning: string;
  readonly bits?: Bits;
  /** What its values mean. */
  readonly values?: Readonly<Record<number, string>>;
}

export const decisionCodes = { none: 0, OK: 1, REVIEW: 2, NG: 3, NOT_INSPECTED: 4 } as const;

const offlineReasons = {
  0: 'it is online',
  1: 'Set Offline is high',
  2: 'no recipe is active',
  3: 'the station cannot decide or record now, starts or stops',
} as const;

export const errorCodes = {
  0: 'none',
  1: 'the inspect window ended without a decision',
  2: 'Trigger rose while Trigger Ready was low',
  3: 'Trigger rose without a part in Part, which pairs trigger and image',
  4: 'a result was not acknowledged in time',
  5: 'a decision belonged to no trigger',
  6: 'Recipe Choice is no number of the file',
  7: 'the recipe could not be activated',
} as const;

export const registers = {
  status: {
    address: 0,
    name: 'Status',
    type: 'bits',
    words: 1,
    by: 'station',
    meaning: 'see below',
    bits: statusBits,
  },
  heartbeat: {
    address: 1,
    name: 'Heartbeat',
    type: 'uint16',
    words: 1,
    by: 'station',
    meaning: 'counts up twice a second; where it stands for two seconds the station is gone',
  },
  offlineReason: {
    address: 2,
    name: 'Offline Reason',
    type: 'uint16',
    words: 1,
    by: 'station',
    meaning: 'why Online is low',
    values: offlineReasons,
  },
  errorCode: {
    address: 3,
    name: 'Error Code',
    type: 'uint16',
    words: 1,
    by: 'station',
    meaning: 'the last error, until Clear Error',
    values: errorCodes,
  },
  currentRecipe: {
    address: 4,
    name: 'Current Recipe',
    type: 'uint16',
    words: 1,
    by: 'station',
    meaning: "the file's number of the active recipe; 0 for one without",
  },
  acquisitionId: {
    address: 5,
    name: 'Acquisition ID',
    type: 'uint16',
    words: 1,
    by: 'station',
    meaning: 'of the last trigger that was taken; from 1 at each start, after 65535 again 1',
  },
  inspectionId: {
    address: 6,
    name: 'Inspection ID',
    type: 'uint16',
    words: 1,
    by: 'station',
    meaning: 'Acquisition ID of the result; 0 where it had no trigger',
  },
  decision: {
    address: 7,
    name: 'Decision',
    type: 'uint16',
    words: 1,
    by: 'station',
    meaning: 'of the result',
    values: { 0: 'no result', 1: 'OK', 2: 'REVIEW', 3: 'NG', 4: 'not inspected' },
  },
  sequence: {
    address: 8,
    name: 'Sequence',
    type: 'uint32',
    words: 2,
    by: 'station',
    meaning: 'of the result, without gaps at the station; the same number again is the same result',
  },
  score: { address: 10, name: 'Score', type: 'float32', words: 2, by: 'station', meaning: 'NaN where there is none' },
  threshold: {
    address: 12,
    name: 'Threshold',
    type: 'float32',
    words: 2,
    by: 'station',
    meaning: 'from which a score is NG; NaN where there is none',
  },
  resultPart: {
    address: 16,
    name: 'Result Part',
    type: 'text',
    words: 16,
    by: 'station',
    meaning: 'the part of the result, as the image named it; empty where that is longer or not ASCII',
  },
  resultId: {
    address: 32,
    name: 'Result ID',
    type: 'text',
    words: 18,
    by: 'station',
    meaning: 'id on record; empty where that is longer',
  },
  control: {
    address: 100,
    name: 'Control',
    type: 'bits',
    words: 1,
    by: 'controller',
    meaning: 'see below',
    bits: controlBits,
  },
  recipeChoice: {
    address: 101,
    name: 'Recipe Choice',
    type: 'uint16',
    words: 1,
    by: 'controller',
    meaning: "the file's number of the recipe that Execute Command activates",
  },
  part: {
    address: 102,
    name: 'Part',
    type: 'text',
    words: 16,
    by: 'controller',
    meaning: 'the part that Trigger announces; its image must name the same',
  },
} as const satisfies Readonly<Record<string, Register>>;

export type RegisterName = keyof typeof registers;
export const registerRows: readonly Register[] = Object.values(registers);

/** One more than the last address. */
export const REGISTERS = Math.max(...registerRows.map(({ address, words }) => address + words));

/** The table as text, to print: registers, then bits and values. */
export function registerTables(): { readonly title: string; readonly rows: readonly (readonly string[])[] }[] {
  const all = registerRows.map(({ address, words, name, type, by, meaning }) => [
    words === 1 ? String(address) : `${address} to ${address + words - 1}`,
    name,
    type,
    by,
    meaning,
  ]);
  const bits = registerRows.flatMap(({ name, bits: words }) =>
    words
      ? [
          {
            title: `Bits of ${name}`,
            rows: Object.values(words).map(([bit, what, means]) => [String(bit), what, means]),
          },
        ]
      : [],
  );
  const values = registerRows.flatMap(({ name, values: means }) =>
    means ? [{ title: `Values of ${name}`, rows: Object.entries(means) }] : [],
  );
  return [{ title: 'Registers', rows: all }, ...bits, ...values];
}
