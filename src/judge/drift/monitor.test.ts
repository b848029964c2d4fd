/** No drift is told where there is none, be values independent, alike for a while, skew, or a streak of defects; and one is told soon. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { Value } from '../../core/schema.ts';
import { channelNames, type Values } from './channels.ts';
import { LEARNED_PARTS } from './learned.ts';
import { DriftMonitor, MonitorState } from './monitor.ts';

const at = '2026-03-01T09:00:00.000Z';
const still: Values = { score: 5, brightness: 100, contrast: 30, sharpness: 0.5, red: 0, blue: 0, saturated: 0 };

/** Parts whose score is skew and whose brightness is like the part's before, by so much. */
function partsOf(random: Random, alike: number) {
  let wander = random.normal();
  return (change: Partial<Values> = {}): Values => {
    wander = alike * wander + Math.sqrt(1 - alike ** 2) * random.normal();
    return {
      score: Math.exp(1 + 0.5 * random.normal()) + (change.score ?? 0),
      brightness: (100 + 2 * wander) * (1 + (change.brightness ?? 0)),
      contrast: 30 + random.normal(),
      sharpness: (0.5 + 0.02 * random.normal()) * (1 + (change.sharpness ?? 0)),
      red: 0,
      blue: 0.01 * random.normal(),
      saturated: random.next() < 0.9 ? 0 : 0.001 * random.next(),
    };
  };
}

function learned(next: () => Values): DriftMonitor {
  const monitor = new DriftMonitor();
  for (let i = 0; i < LEARNED_PARTS; i++) monitor.observe(next(), at);
  return monitor;
}

describe('a monitor of parts that do not drift', () => {
  it.each([0, 0.5, 0.7])('tells nothing in 20,000 parts, a part being alike the next by %d', (alike) => {
    const next = partsOf(Random.of(7, 'steady', alike), alike);
    const monitor = learned(next);
    let told = 0;
    for (let i = 0; i < 20_000; i++) told += monitor.observe(next(), at).length;
    expect(told).toBe(0);
    expect(monitor.state.points.length).toBeLessThanOrEqual(300);
    expect(monitor.state.points.at(-1)).toMatchObject({ parts: 20_000 });
  });

  it('takes twenty defective parts in succession for no drift', () => {
    const next = partsOf(Random.of(8, 'streak'), 0);
    const monitor = learned(next);
    for (let i = 0; i < 500; i++) monitor.observe(next(), at);
    for (let i = 0; i < 20; i++) expect(monitor.observe(next({ score: 100 }), at)).toEqual([]);
    for (let i = 0; i < 500; i++) expect(monitor.observe(next(), at)).toEqual([]);
  });

  it('is not told of defects that were as many when it learned', () => {
    const random = Random.of(11, 'many defects');
    const good = partsOf(random, 0);
    const next = () => good({ score: random.next() < 0.45 ? 20 : 0 });
    const monitor = learned(next);
    for (let i = 0; i < 20_000; i++) expect(monitor.observe(next(), at)).toEqual([]);
  });

  it('watches nothing that never was two ways', () => {
    const monitor = new DriftMonitor();
    for (let i = 0; i < LEARNED_PARTS + 100; i++) expect(monitor.observe(still, at)).toEqual([]);
    expect(monitor.channels.map(({ now }) => now)).toEqual(channelNames.map((name) => still[name]));
  });

  it('says of values that wander by themselves that they cannot be watched', () => {
    const monitor = learned(partsOf(Random.of(9, 'wandering'), 0.99));
    const brightness = monitor.channels.find(({ name }) => name === 'brightness');
    expect(brightness).toMatchObject({ ofLimit: null });
    expect(monitor.channels.find(({ name }) => name === 'score')).toMatchObject({ ofLimit: 0 });
  });
});

describe('a drift', () => {
  it.each([
    ['brightness', { brightness: -0.1 }, 60, /^pictures are darker than learned, by \d+(\.\d+)? %: check the lamp/],
    ['sharpness', { sharpness: -0.2 }, 60, /^pictures are less sharp than learned, .*: check focus/],
    ['score', { score: 3 }, 120, /^scores are higher than learned, .* in place of .*: look at the parts/],
  ] as const)('of %s is told in plain words, once, and ends when it is back', (channel, change, within, words) => {
    const next = partsOf(Random.of(10, channel), 0);
    const monitor = learned(next);
    for (let i = 0; i < 300; i++) monitor.observe(next(), at);
    const told = Array.from({ length: within }, () => monitor.observe(next(change), at)).flat();
    expect(told).toEqual([{ began: true, drifting: expect.objectContaining({ channel, acknowledged: false }) }]);
    expect(told[0]!.drifting.message).toMatch(words);
    const ended = Array.from({ length: 400 }, () => monitor.observe(next(), at)).flat();
    expect(ended).toEqual([{ began: false, drifting: told[0]!.drifting }]);
  });

  it('goes on over a restart, is acknowledged, and is forgotten when it learns anew', () => {
    const next = partsOf(Random.of(11, 'restart'), 0);
    const before = learned(next);
    for (let i = 0; i < 100; i++) before.observe(next({ brightness: 0.2 }), at);
    const stored: unknown = JSON.parse(JSON.stringify(before.state));
    expect(Value.Check(MonitorState, stored)).toBe(true);
    const monitor = new DriftMonitor(stored as MonitorState);
    expect(monitor.channels).toEqual(before.channels);
    monitor.acknowledge();
    expect(monitor.state.drifting).toMatchObject([{ channel: 'brightness', acknowledged: true }]);
    expect(monitor.observe(next({ brightness: 0.2 }), at)).toEqual([]);
    monitor.learnAnew();
    expect([monitor.isLearning, monitor.learnedParts, monitor.state.drifting]).toEqual([true, 0, []]);
  });
});
