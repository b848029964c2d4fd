/** How long a training may take here, by those like it that ended here. Knows no browser. */
import type { NewTraining, Training } from '../../api/contract.ts';

interface TrainingEstimate {
  readonly seconds: number;
  /** The training that it goes by. */
  readonly by: string;
}

type Settings = Partial<NewTraining['settings']>;

/** What changes nothing that is computed, or hardly: all else must be the same. */
const ofNoWeight: ReadonlySet<string> = new Set(['rule', 'fold', 'seed', 'allowLeaks', 'regions', 'range', 'bands']);
/** What the time goes by: as its square, since a canvas has two sides, or as it is. */
const powers: Readonly<Record<string, number>> = { size: 2, epochs: 1 };

/** How many times as long one takes as the other, by their settings; undefined where they are not comparable. */
function timesAsLong(asked: Settings, former: Settings): number | undefined {
  let times = 1;
  for (const name of new Set([...Object.keys(asked), ...Object.keys(former)])) {
    if (ofNoWeight.has(name)) continue;
    const [a, b] = [asked, former].map((settings) => (settings as Record<string, unknown>)[name]);
    if (a === b) continue;
    const power = powers[name];
    if (power === undefined || typeof a !== 'number' || typeof b !== 'number' || a <= 0 || b <= 0) return undefined;
    times *= (a / b) ** power;
  }
  return times;
}

/** `images`: those with a label. Undefined where there are none, or none like it ended here; of several the newest counts. */
export function trainingEstimate(
  asked: Settings,
  images: number,
  trainings: readonly Pick<Training, 'name' | 'settings' | 'state' | 'startedAt' | 'endedAt' | 'result'>[],
): TrainingEstimate | undefined {
  if (images === 0) return undefined;
  const { maxMinutes, ...wanted } = asked;
  for (const { name, settings, state, startedAt, endedAt, result } of trainings) {
    if (state !== 'finished' || !startedAt || !endedAt || !result) continue;
    const { maxMinutes: limit, ...former } = settings;
    const times = timesAsLong(wanted, former);
    const { train, calibration, test } = result.images;
    const seconds = (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
    // one that was ended by its limit says nothing of how long it would have taken
    const wasCut = limit !== undefined && seconds >= 0.95 * 60 * limit;
    if (times === undefined || wasCut || seconds <= 0) continue;
    const whole = (seconds * times * images) / Math.max(1, train + calibration + test);
    // a limit is of the training proper, so that what comes before and after may go beyond it
    return { seconds: maxMinutes ? Math.min(whole, 60 * maxMinutes) : whole, by: name };
  }
  return undefined;
}
