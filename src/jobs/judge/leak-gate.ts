/** The gate before every figure: a result is not called honest while its test images show what was trained on. */
import { FelfriError } from '../../core/errors.ts';
import { checkLeaks, type LeakVerdict } from '../../data/leak/verdict.ts';
import type { Split } from '../../data/split.ts';
import type { JobControl } from '../../train/control.ts';

export interface LeakGateOptions extends JobControl {
  /** Go on in spite of a leak; the verdict says so wherever it is shown. */
  readonly allowLeaks?: boolean;
  /** A verdict on this split that was reached before, so that the images need not be read again. */
  readonly leak?: LeakVerdict;
}

function refusal({ statement, worst }: LeakVerdict): FelfriError {
  const [pair] = worst;
  const such = pair ? ` Most alike: ${pair.image} and ${pair.trainedOn}.` : '';
  return new FelfriError(
    'LEAK_FOUND',
    `${statement}${such} Look at the pairs (felfri data leaks). Where they show one part, give it one part group, by a manifest's column part_group or by --group-pattern, so that it stays on one side; felfri data groups proposes such a manifest. Where they show different parts, state these as part groups in the same way: stated groups are believed. Or go on with --allow-leaks, which every result will then say.`,
  );
}

async function check(split: Split, { onPhase, onProgress, signal }: JobControl): Promise<LeakVerdict> {
  return checkLeaks(split, {
    ...(onPhase && { onPhase }),
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
}

/**
 * The leak check's verdict on a split. Under the honest protocol a flagged split is refused with LEAK_FOUND unless leaks
 * are allowed; under the paper's protocol nothing is refused, but the verdict is warned of and kept.
 */
export async function passLeakGate(split: Split, options: LeakGateOptions = {}): Promise<LeakVerdict> {
  const verdict = options.leak ?? (await check(split, options));
  if (options.leak === undefined && verdict.doubt !== undefined) options.onWarning?.(verdict.doubt);
  if (!verdict.flagged) return verdict;
  if (split.protocol === 'honest' && !options.allowLeaks) throw refusal(verdict);
  if (options.leak === undefined) options.onWarning?.(verdict.statement);
  if (split.protocol === 'paper' || verdict.overridden) return verdict;
  return { ...verdict, overridden: true, statement: `${verdict.statement} The user went on (--allow-leaks).` };
}
