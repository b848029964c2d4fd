import { expect, it } from 'vitest';
import { acting } from './acting.svelte.ts';

it('is done once at a time, and says whether it was', async () => {
  const answers: (() => void)[] = [];
  const given: string[] = [];
  const saving = acting((word: string) => {
    given.push(word);
    return new Promise<void>((answer) => void answers.push(answer));
  });
  const first = saving.run('one');
  expect(saving.working).toBe(true);
  expect(await saving.run('two')).toBe(false);
  answers[0]!();
  expect(await first).toBe(true);
  expect([saving.working, saving.problem, given]).toEqual([false, undefined, ['one']]);
});

it('keeps what went wrong until the next try, or until it is forgotten', async () => {
  let broken = true;
  const saving = acting(async () => {
    if (broken) throw new Error('no room');
  });
  expect(await saving.run()).toBe(false);
  expect([saving.working, saving.problem?.message]).toEqual([false, 'no room']);
  saving.reset();
  expect(saving.problem).toBeUndefined();
  await saving.run();
  broken = false;
  expect(await saving.run()).toBe(true);
  expect(saving.problem).toBeUndefined();
});

it('may be told to begin again before it ended', async () => {
  const answers: (() => void)[] = [];
  const labelling = acting((_: string) => new Promise<void>((answer) => void answers.push(answer)), { several: true });
  const both = [labelling.run('a'), labelling.run('b')];
  answers[1]!();
  expect(await both[1]).toBe(true);
  expect(labelling.working).toBe(true);
  answers[0]!();
  expect(await both[0]).toBe(true);
  expect(labelling.working).toBe(false);
});
