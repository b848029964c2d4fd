/** Where an appraiser is in a study: which part comes next, and what is refused until then. */
import { FelfriError } from '../../core/errors.ts';
import type { Study, StudyTask } from '../contract/studies.ts';
import { orderOf } from './order.ts';
import { answersOf, isFinished } from './results.ts';
import type { StoredAnswers } from './stored.ts';
import type { StudyFolder } from './study-folder.ts';

export const conflict = (id: string, why: string): FelfriError => new FelfriError('CONFLICT', why, { subject: id });

/** The part that comes to an appraiser at a place. */
export function partAt(
  { stored: { seed, parts } }: StudyFolder,
  appraiser: string,
  at: { trial: number; position: number },
) {
  return parts[orderOf(seed, appraiser, at.trial, parts.length)[at.position - 1]!]!;
}

/** What everybody may know, and how far who asks is, where their name is known. */
export function summaryOf(study: StudyFolder, name: string | null): Study {
  const { id, name: title, createdAt, createdBy, parts, trials, pauseMinutes, closedAt } = study.stored;
  const answered = name === null ? 0 : (study.sheet(name)?.answers.length ?? 0);
  return {
    id,
    name: title,
    createdAt,
    createdBy,
    parts: parts.length,
    trials,
    pauseMinutes,
    closedAt,
    own: { answered, of: answersOf(study.stored) },
  };
}

/** What comes next to an appraiser. */
export function taskOf({ stored }: StudyFolder, sheet: StoredAnswers, now: Date): StudyTask {
  const { id, name, trials, parts, pauseMinutes, closedAt } = stored;
  const done = sheet.answers.length;
  const last = sheet.answers.at(-1);
  const place = Math.min(done, answersOf(stored) - 1);
  const waits = last && done % parts.length === 0 ? Date.parse(last.at) + pauseMinutes * 60_000 : 0;
  const state = isFinished(stored, sheet) ? 'done' : closedAt !== null ? 'closed' : waits > now.getTime() ? 'pause' : 'asking'; // biome-ignore format: one line
  return {
    study: { id, name },
    state,
    trial: Math.floor(place / parts.length) + 1,
    trials,
    position: (place % parts.length) + 1,
    parts: parts.length,
    until: state === 'pause' ? new Date(waits).toISOString() : null,
  };
}

/** Throws CONFLICT for any place but the one that is asked for now. */
export function requirePresent(
  id: string,
  task: StudyTask,
  { trial, position }: { trial: number; position: number },
): void {
  if (task.state === 'asking' && task.trial === trial && task.position === position) return;
  const now = task.state === 'asking' ? `trial ${task.trial}, place ${task.position} is asked for` : `nothing is asked for: ${task.state}`; // biome-ignore format: one line
  throw conflict(id, `trial ${trial}, place ${position} is not: ${now}`);
}
