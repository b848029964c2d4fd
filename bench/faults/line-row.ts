/** What became of the parts of a run at one output. */
import type { PartRecord } from '../../src/station/contract/not-inspected.ts';
import type { Received } from '../line-readers.ts';
import type { Noted } from './line-place.ts';

export type Row = Readonly<
  Record<'decided' | 'received' | 'setAside' | 'lost' | 'againSameSequence' | 'doubledUnseen' | 'falselyOk', number>
>;

/** `decided`: parts on record by their resultId; `noted`: the output's rows of the outbox. */
export function countedRow(
  decided: ReadonlyMap<string, PartRecord>,
  noted: readonly Noted[],
  received: readonly Received[],
): Row {
  const sequences = new Set(received.map(({ sequence }) => sequence));
  const unseen = noted.filter((one) => !sequences.has(one.sequence));
  // a part that was refused first, as on a full disk, goes out as such before its decision
  const known = received.filter((one) => decided.get(one.resultId ?? '')?.decision === one.decision);
  const got = new Set(known.map(({ resultId }) => resultId));
  return {
    decided: decided.size,
    received: got.size,
    setAside: unseen.filter(({ outcome }) => outcome === 'expired').length,
    lost: unseen.filter(({ outcome }) => outcome !== 'expired').length,
    againSameSequence: received.length - sequences.size,
    doubledUnseen: new Set(known.map(({ sequence }) => sequence)).size - got.size,
    falselyOk: received.filter((one) => one.pass && decided.get(one.resultId ?? '')?.decision !== 'OK').length,
  };
}
