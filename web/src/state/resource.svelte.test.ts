import { flushSync } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Resource, resource } from './resource.svelte.ts';

/** Questions that the test answers, in whatever order. */
function questions() {
  const asked: { signal: AbortSignal; answer: (value: string) => void; fail: (error: Error) => void }[] = [];
  const load = (signal: AbortSignal) =>
    new Promise<string>((answer, fail) => void asked.push({ signal, answer, fail }));
  return { asked, load };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a resource', () => {
  it('has a value once it came, and keeps it while it is asked for anew and when that fails', async () => {
    const { asked, load } = questions();
    const shown = new Resource(load);
    expect([shown.value, shown.loading]).toEqual([undefined, false]);
    const first = shown.reload();
    expect(shown.loading).toBe(true);
    asked[0]!.answer('one');
    await first;
    expect([shown.value, shown.loading, shown.problem]).toEqual(['one', false, undefined]);
    const second = shown.reload();
    expect([shown.value, shown.loading]).toEqual(['one', true]);
    asked[1]!.fail(new Error('gone'));
    await second;
    expect([shown.value, shown.loading, shown.problem?.message]).toEqual(['one', false, 'gone']);
    const third = shown.reload();
    asked[2]!.answer('three');
    await third;
    expect([shown.value, shown.problem]).toEqual(['three', undefined]);
  });

  it('drops the question before: an answer that comes late, or its failure, is not shown', async () => {
    const { asked, load } = questions();
    const shown = new Resource(load);
    const all = [shown.reload(), shown.reload(), shown.reload()];
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, true, false]);
    asked[2]!.answer('new');
    asked[0]!.answer('old');
    asked[1]!.fail(new Error('aborted'));
    await Promise.all(all);
    expect([shown.value, shown.problem]).toEqual(['new', undefined]);
  });

  it('takes what is known by another way, which is newer than what is on its way', async () => {
    const { asked, load } = questions();
    const shown = new Resource(load);
    const asking = shown.reload();
    shown.value = 'changed';
    expect([asked[0]!.signal.aborted, shown.loading]).toEqual([true, false]);
    asked[0]!.answer('before the change');
    await asking;
    expect(shown.value).toBe('changed');
  });

  it('asks again after what its value says, also after a failure, until it says so no more or is stopped', async () => {
    const { asked, load } = questions();
    const shown = new Resource(load, { again: (value) => (value === 'running' ? 1000 : undefined) });
    const answered = async (act: () => void) => {
      act();
      await vi.advanceTimersByTimeAsync(999);
      const before = asked.length;
      await vi.advanceTimersByTimeAsync(1);
      return asked.length - before;
    };
    void shown.reload();
    expect(await answered(() => asked[0]!.answer('running'))).toBe(1);
    expect(await answered(() => asked[1]!.fail(new Error('for once')))).toBe(1);
    expect(await answered(() => asked[2]!.answer('finished'))).toBe(0);
    shown.value = 'running';
    shown.stop();
    expect(await answered(() => undefined)).toBe(0);
  });

  it('in a component asks at once, again when what it reads changes, and ends with it', async () => {
    const { asked, load } = questions();
    let id = $state('a');
    const ids: string[] = [];
    const end = $effect.root(() => {
      resource((signal) => {
        ids.push(id);
        return load(signal);
      });
    });
    flushSync();
    id = 'b';
    flushSync();
    expect(ids).toEqual(['a', 'b']);
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    asked[1]!.answer('of b');
    await vi.advanceTimersByTimeAsync(0);
    flushSync();
    // its own value is nothing that it waits for
    expect(ids).toEqual(['a', 'b']);
    void asked;
    end();
  });
});
