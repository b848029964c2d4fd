import { describe, expect, it } from 'vitest';
import type { Training } from '../../api/contract.ts';
import { trainingEstimate } from './training-estimate.ts';

type Settings = Training['settings'];

const ended = (settings: Settings, change: Partial<Training> = {}) => ({
  name: 'rings, flow',
  settings,
  state: 'finished' as const,
  startedAt: '2026-01-01T10:00:00.000Z',
  endedAt: '2026-01-01T10:10:00.000Z',
  result: { images: { train: 60, calibration: 20, test: 20 } } as Training['result'],
  ...change,
});
const flow: Settings = { detector: 'flow', epochs: 4, size: 128 };
const seconds = (asked: Settings, images: number, ...trainings: ReturnType<typeof ended>[]) =>
  trainingEstimate(asked, images, trainings)?.seconds;

describe('the time of a training', () => {
  it('goes by one like it, its images, epochs and canvas', () => {
    expect(trainingEstimate(flow, 100, [ended(flow)])).toEqual({ seconds: 600, by: 'rings, flow' });
    expect(seconds(flow, 250, ended(flow))).toBe(1500);
    expect(seconds({ ...flow, epochs: 2 }, 100, ended(flow))).toBe(300);
    expect(seconds({ ...flow, size: 256 }, 100, ended(flow))).toBe(2400);
    expect(seconds({ ...flow, rule: 'recall=0.9', seed: 3 }, 100, ended(flow))).toBe(600);
    expect(seconds({ ...flow, maxMinutes: 5 }, 100, ended(flow))).toBe(300);
  });

  it('goes by no other: not of another detector or backbone, of a default beside a number, one that failed or was cut off', () => {
    expect(seconds({ detector: 'unet', epochs: 4, size: 128 }, 100, ended(flow))).toBeUndefined();
    expect(seconds({ ...flow, backbone: 'surface' }, 100, ended(flow))).toBeUndefined();
    expect(seconds({ detector: 'flow', size: 128 }, 100, ended(flow))).toBeUndefined();
    expect(seconds(flow, 100, ended({ ...flow, maxMinutes: 10 }))).toBeUndefined();
    expect(
      trainingEstimate(flow, 100, [ended(flow, { state: 'failed' }), ended(flow, { endedAt: null })]),
    ).toBeUndefined();
    expect(trainingEstimate(flow, 100, [])).toBeUndefined();
    expect(seconds(flow, 0, ended(flow))).toBeUndefined();
  });
});
