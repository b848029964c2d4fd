/** Nobody uses the page: when that is noticed, and when not. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { whenIdle } from './idle.ts';

const page = new EventTarget();
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('is noticed after the time, counted from the last key or pointer', () => {
  const onIdle = vi.fn();
  const end = whenIdle(1800, onIdle);
  vi.advanceTimersByTime(1_700_000);
  page.dispatchEvent(new Event('keydown'));
  vi.advanceTimersByTime(1_790_000);
  expect(onIdle).not.toHaveBeenCalled();
  vi.advanceTimersByTime(20_000);
  expect(onIdle).toHaveBeenCalled();
  end();
});

test('is noticed no more once the watch has ended', () => {
  const onIdle = vi.fn();
  whenIdle(10, onIdle)();
  vi.advanceTimersByTime(100_000);
  expect(onIdle).not.toHaveBeenCalled();
});
