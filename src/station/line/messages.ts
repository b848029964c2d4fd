/** What is on record of a part, as the outputs get it. */
import type { PartMessage } from '../contract/line.ts';
import type { OutgoingPart } from '../records/outbox.ts';

export function partMessage(station: string, { sequence, record }: OutgoingPart): PartMessage {
  const { id, resultId, part, lot, product, recipe, millis, createdAt } = record;
  const both = { id, resultId, part, lot, product, recipe, millis, at: createdAt };
  if (record.decision === 'NOT_INSPECTED') {
    const { cause, code, message, count, decision } = record;
    const none = { revision: null, score: null, threshold: null, review: null };
    return {
      type: 'part',
      station,
      sequence,
      pass: false,
      decision,
      ...both,
      ...none,
      reason: message,
      cause,
      code,
      count,
      reference: null,
    };
  }
  const { decision, revision, score, threshold, review, reason } = record;
  // parts of before an update wait without it
  const reference = record.reference ?? null;
  const pass = decision === 'OK';
  const decided = { pass, decision, revision, score, threshold, review, reason, reference };
  return { type: 'part', station, sequence, ...both, ...decided, cause: null, code: null, count: 1 };
}
