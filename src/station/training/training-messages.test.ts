import { expect, it } from 'vitest';
import type { JobMessage } from '../../jobs/messages.ts';
import { type Heard, heard, starting } from './training-messages.ts';

const after = (messages: readonly JobMessage[]): Heard => messages.reduce(heard, { progress: starting, notes: [] });

it('a phase begins without numbers, and its first line alone is its name', () => {
  const { progress } = after([
    { kind: 'phase', name: 'Training' },
    { kind: 'progress', done: 3, total: 9 },
    { kind: 'phase', name: 'Reading\nLayout manifest: 9 images.' },
  ]);
  expect(progress).toEqual({ phase: 'Reading', done: 0, total: 0, secondsLeft: null, epoch: null, epochs: null });
});

it('epochs count from one, and never above how many there are', () => {
  const training = (epoch: number): JobMessage => ({
    kind: 'training',
    progress: { done: epoch, total: 2, secondsLeft: 5, epoch, epochs: 2 } as never,
  });
  expect(after([training(0)]).progress).toMatchObject({ phase: 'Starting', epoch: 1, epochs: 2, secondsLeft: 5 });
  expect(after([training(2)]).progress.epoch).toBe(2);
});

it('problems and warnings are notes, of which the newest fifty stay', () => {
  const warnings = Array.from({ length: 60 }, (_, i): JobMessage => ({ kind: 'warning', message: `warning ${i}` }));
  const problem = { name: 'a.png', code: 'IMAGE_CORRUPT', message: 'is cut off' } as const;
  const { notes, progress } = after([...warnings, { kind: 'problem', problem }]);
  expect(notes).toHaveLength(50);
  expect(notes.slice(0, 1)).toEqual(['warning 11']);
  expect(notes.at(-1)).toBe('IMAGE_CORRUPT: is cut off');
  expect(progress).toEqual(starting);
});
