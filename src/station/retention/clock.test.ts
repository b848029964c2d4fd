/** A clock that is set wrong removes nothing; one that stood still with its station is believed after a second look. */
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { Alarms } from '../alarms.ts';
import { RetentionClock } from './clock.ts';

const folder = temporaryFolders();
const HOUR = 3600 * 1000;
const DAY = 24 * HOUR;
const begin = Date.parse('2026-06-01T00:00:00Z');

class World {
  wall = begin;
  steady = 5;
  readonly alarms = new Alarms('/data');
  readonly folder: string;
  clock!: RetentionClock;

  constructor(folder: string) {
    this.folder = folder;
  }

  async start(newest: Date | null = null, today?: Date): Promise<void> {
    const clocks = { wall: () => this.wall, steady: () => this.steady };
    this.clock = await RetentionClock.open(this.folder, {
      alarms: this.alarms,
      newest,
      clocks,
      ...(today && { today }),
    });
  }

  async run(hours: number): Promise<number> {
    let time = (await this.clock.look()).getTime();
    for (let i = 0; i < hours; i++) {
      this.wall += HOUR;
      this.steady += HOUR;
      time = (await this.clock.look()).getTime();
    }
    return time;
  }
}

const world = async () => new World(await folder());

describe('the time by which records become too old', () => {
  it('goes with the clock', async () => {
    const w = await world();
    await w.start();
    expect(await w.run(100)).toBe(w.wall);
    expect(w.alarms.all).toEqual([]);
  });

  it.each(['at the start', 'meanwhile'])(
    'does not follow a clock that is 20 years ahead %s, however often it starts',
    async (when) => {
      const w = await world();
      await w.start();
      await w.run(10);
      w.wall += 20 * 365 * DAY;
      for (let i = 0; i < 4; i++) {
        if (when === 'at the start' || i > 0) await w.start();
        await w.run(30);
      }
      expect(await w.run(0)).toBe(begin + 130 * HOUR);
      expect(w.alarms.all).toMatchObject([{ kind: 'clock', code: 'CLOCK_LEAPT' }]);
      w.wall -= 20 * 365 * DAY;
      expect(await w.run(1)).toBe(w.wall);
      expect(w.alarms.all).toEqual([]);
    },
  );

  it('does not follow such a clock at the first start on records of before', async () => {
    const w = await world();
    w.wall += 20 * 365 * DAY;
    await w.start(new Date(begin));
    expect(await w.run(100)).toBe(begin + 100 * HOUR);
  });

  it('follows a standstill of some days once that has stood for a day', async () => {
    const w = await world();
    await w.start();
    await w.run(10);
    w.wall += 5 * DAY;
    await w.start();
    expect(await w.run(23)).toBe(begin + 33 * HOUR);
    await w.start();
    expect(await w.run(1)).toBe(w.wall);
    expect(w.alarms.all).toEqual([]);
  });

  it('begins to wait anew when the clock is set once more', async () => {
    const w = await world();
    await w.start();
    w.wall += 5 * DAY;
    await w.run(20);
    w.wall += 5 * DAY;
    expect(await w.run(20)).toBe(begin + 40 * HOUR);
    w.wall -= 10 * DAY;
    expect(await w.run(5)).toBe(w.wall);
  });

  it('follows months when a person says what day it is', async () => {
    const w = await world();
    await w.start();
    await w.run(0);
    w.wall += 100 * DAY;
    await w.start();
    expect(await w.run(50)).toBe(begin + 50 * HOUR);
    await w.start(null, new Date(begin));
    expect(await w.run(1)).toBe(begin + 51 * HOUR);
    await w.start(null, new Date(w.wall - DAY));
    expect(await w.run(1)).toBe(w.wall);
  });

  it('is never later than a clock that was set back', async () => {
    const w = await world();
    await w.start();
    await w.run(48);
    w.wall -= 30 * DAY;
    expect(await w.run(1)).toBe(w.wall);
  });
});
