/** Pictures are made few at a time, kept, and not made for those who went away. */
import { describe, expect, it } from 'vitest';
import { Views } from './views.ts';

const never = new AbortController().signal;
const bytes = (length: number) => new Uint8Array(length);

/** Makes a picture once it is told to. */
function maker() {
  const ends: (() => void)[] = [];
  let most = 0;
  const make = async (): Promise<Uint8Array<ArrayBuffer>> => {
    await new Promise<void>((resolve) => {
      most = Math.max(most, ends.push(resolve));
    });
    return bytes(10);
  };
  return { make, most: () => most, endOne: () => ends.shift()?.() };
}

const turn = () => new Promise((resolve) => setTimeout(resolve));

describe('views', () => {
  it('are made two at a time, however many ask', async () => {
    const views = new Views();
    const { make, most, endOne } = maker();
    const asked = Array.from({ length: 20 }, (_, i) => views.get(`${i}`, never, make));
    for (let i = 0; i < 20; i++) {
      await turn();
      expect(views.load).toEqual({ running: Math.min(2, 20 - i), waiting: Math.max(0, 18 - i) });
      endOne();
    }
    expect((await Promise.all(asked)).every(({ length }) => length === 10)).toBe(true);
    expect(most()).toBe(2);
    expect(views.load).toEqual({ running: 0, waiting: 0 });
  });

  it('are made one at a time while the line inspects', async () => {
    let isAtWork = true;
    const views = new Views(() => isAtWork);
    const { make, endOne } = maker();
    const asked = Array.from({ length: 6 }, (_, i) => views.get(`${i}`, never, make));
    const next = async () => {
      endOne();
      await turn();
      return views.load;
    };
    await turn();
    expect(views.load).toEqual({ running: 1, waiting: 5 });
    expect(await next()).toEqual({ running: 1, waiting: 4 });
    isAtWork = false;
    expect(await next()).toEqual({ running: 2, waiting: 2 });
    isAtWork = true;
    expect(await next()).toEqual({ running: 1, waiting: 2 });
    for (let i = 0; i < 3; i++) await next();
    await Promise.all(asked);
  });

  it('are made once for those who ask again, or meanwhile', async () => {
    const views = new Views();
    let made = 0;
    const make = async () => bytes(++made);
    await Promise.all(Array.from({ length: 10 }, () => views.get('same', never, make)));
    expect(made).toBeLessThanOrEqual(2);
    const before = made;
    await views.get('same', never, make);
    expect(made).toBe(before);
  });

  it('are not made for who goes away, nor for more than may wait, and a failure makes room', async () => {
    const views = new Views();
    const { make, endOne } = maker();
    const failing = [0, 1].map((i) =>
      views.get(`f${i}`, never, () => make().then(() => Promise.reject(new Error('no')))),
    );
    const gone = new AbortController();
    const left = views.get('left', gone.signal, () => expect.unreachable());
    const waiting = Array.from({ length: 63 }, (_, i) => views.get(`w${i}`, never, async () => bytes(1)));
    await expect(views.get('more', never, make)).rejects.toMatchObject({ code: 'TOO_BUSY' });
    gone.abort();
    await expect(left).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    expect(views.load.waiting).toBe(63);
    endOne();
    endOne();
    for (const one of failing) await expect(one).rejects.toThrow('no');
    await Promise.all(waiting);
  });

  it('are kept up to so many bytes, the ones used last', async () => {
    const views = new Views();
    let made = 0;
    const get = (key: string) => views.get(key, never, async () => bytes(++made && 15 * 1024 * 1024));
    await get('a');
    await get('b');
    await get('a');
    await get('c');
    await get('a');
    expect(made).toBe(3);
    await get('b');
    expect(made).toBe(4);
  });
});
