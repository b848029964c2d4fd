import { describe, expect, it } from 'vitest';
import { tuningWarnings } from './tuning-warnings.ts';

const counts = (ok: number, review: number, ng: number) => ({ ok, review, ng });
const warnings = (
  limits: { ng: number; review: number | null },
  good: ReturnType<typeof counts>,
  defective: ReturnType<typeof counts>,
) =>
  tuningWarnings(
    { ...limits, good, defective },
    { tp: defective.ng, fn: defective.ok + defective.review, fp: good.ng, tn: good.ok + good.review },
  );

describe('tuningWarnings', () => {
  it('has none where everything is as it seems', () => {
    expect(warnings({ ng: 9, review: 3 }, counts(90, 5, 1), counts(1, 9, 80))).toEqual([]);
    expect(warnings({ ng: 9, review: null }, counts(90, 0, 1), counts(0, 0, 59))).toEqual([]);
  });

  it('says that REVIEW can never happen, or does not here', () => {
    expect(warnings({ ng: 9, review: 9 }, counts(90, 0, 1), counts(1, 0, 80))).toEqual([
      'REVIEW begins where NG does, so no part will ever be for REVIEW.',
    ]);
    expect(warnings({ ng: 9, review: 8 }, counts(90, 0, 1), counts(1, 0, 80))).toEqual([
      'None of these images is for REVIEW.',
    ]);
  });

  it('says that nothing is found, and what becomes of it', () => {
    expect(warnings({ ng: 9000, review: 3 }, counts(90, 5, 0), counts(3, 7, 0))).toEqual([
      'NG finds none of the 10 defective images, a recall of 0: 3 would pass as OK.',
      '10 defective images are few to set a threshold on: a new defective part may score below all of them with a chance of 1 in 11; 19 make it 1 in 20, and 59 can show a recall of 95 %.',
    ]);
    expect(warnings({ ng: 9000, review: 3 }, counts(90, 5, 0), counts(0, 70, 0))).toEqual([
      'NG finds none of the 70 defective images, a recall of 0: a person must find them all.',
    ]);
  });

  it('says that no good part would pass', () => {
    expect(warnings({ ng: 1, review: null }, counts(0, 0, 40), counts(0, 0, 80))).toEqual([
      'No good image would be OK.',
    ]);
  });

  it('says what few defective images show, though all of them are found', () => {
    expect(warnings({ ng: 9, review: null }, counts(40, 0, 0), counts(0, 0, 8))).toEqual([
      'None of 8 defective images would pass as OK. So few show that 68.7 % of such parts at least are found, with 95 % confidence; 59 would show 95 %.',
    ]);
  });

  it('says that few good images say little of new good parts', () => {
    expect(warnings({ ng: 9, review: null }, counts(8, 0, 0), counts(0, 0, 70))).toEqual([
      '8 good images are few to set a threshold on: a new good part may score above all of them with a chance of 1 in 9; 19 make it 1 in 20, and 59 can show at most 5 % false alarms.',
    ]);
  });

  it('says nothing of images that there are none of', () => {
    expect(warnings({ ng: 9, review: null }, counts(40, 0, 0), counts(0, 0, 0))).toEqual([]);
    expect(warnings({ ng: 9, review: null }, counts(0, 0, 0), counts(1, 0, 70))).toEqual([]);
  });
});
