/** How late frames are, and from when on that is known. */
import { expect, it } from 'vitest';
import { Pace } from './pace.ts';

it('tells how much later than usual a frame came', () => {
  const pace = new Pace();
  expect(pace.excess(1000, 0)).toBe(0);
  expect(pace.excess(1100, 100)).toBe(0);
  expect(pace.excess(1900, 200)).toBe(700);
  expect(pace.excess(1950, null)).toBe(0);
});

it('knows nothing while a burst of kept pictures comes, and only half a second after it', () => {
  const pace = new Pace();
  // three seconds of pictures within 60 ms: each seems to be the quickest
  for (let i = 0; i < 30; i++) {
    expect(pace.excess(1000 + 2 * i, 100 * i)).toBe(0);
    expect(pace.isSettled).toBe(false);
  }
  for (let i = 0; i < 5; i++) {
    pace.excess(1100 + 100 * i, 3000 + 100 * i);
    expect(pace.isSettled).toBe(false);
  }
  pace.excess(1600, 3500);
  expect(pace.isSettled).toBe(true);
  // once it is known it stays so, also where clocks drift, until the camera's clock leaps
  pace.excess(9000, 10_910);
  expect(pace.isSettled).toBe(true);
  pace.excess(9100, 12_000);
  expect(pace.isSettled).toBe(false);
});

it('settles by time alone where frames have no stamps', () => {
  const pace = new Pace();
  pace.excess(0, null);
  pace.excess(499, null);
  expect(pace.isSettled).toBe(false);
  pace.excess(500, null);
  expect(pace.isSettled).toBe(true);
});

it('never knows the usual way of stamps that run faster than time, by which old frames would pass for new ones', () => {
  const pace = new Pace();
  let hasSettled = false;
  // 60 frames a second that are stamped as if there were 25; they stutter at first, so that the quickest is half a second old
  for (let id = 0; id < 600; id++) {
    pace.excess((1000 * id) / 60 + (id > 30 && id < 60 ? 1500 : 0), 40 * id);
    if (id > 60) hasSettled ||= pace.isSettled;
  }
  expect(hasSettled).toBe(false);
});
