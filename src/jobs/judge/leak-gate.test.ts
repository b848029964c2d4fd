import { describe, expect, it } from 'vitest';
import type { LeakVerdict } from '../../data/leak/verdict.ts';
import type { Split } from '../../data/split.ts';
import { passLeakGate } from './leak-gate.ts';

const side = { images: 10, nearCopies: 2, partGroups: 0, leaking: 2, doubted: 0 };
const leak: LeakVerdict = {
  split: 'made',
  test: side,
  calibration: { ...side, nearCopies: 0, leaking: 0 },
  rate: 0.2,
  limit: 0.05,
  flagged: true,
  overridden: false,
  worst: [{ side: 'test', image: 'a.png', trainedOn: 'b.png', similarity: 0.9 }],
  doubtful: [],
  likenessFrom: 0.3,
  statement: 'It leaks.',
};
const honest: Split = { name: 'made', protocol: 'honest', train: [], calibration: [], test: [], notes: [] };
const paper: Split = { ...honest, protocol: 'paper' };

describe('passLeakGate', () => {
  it('refuses an honest split that leaks, and says what to do', async () => {
    const refused = passLeakGate(honest, { leak });
    await expect(refused).rejects.toMatchObject({ code: 'LEAK_FOUND' });
    await expect(refused).rejects.toThrow(
      /It leaks\. Most alike: a\.png and b\.png\..*data groups.*stated groups are believed.*--allow-leaks/,
    );
  });

  it('goes on where leaks are allowed, and the verdict says so once', async () => {
    const passed = await passLeakGate(honest, { leak, allowLeaks: true });
    expect(passed).toMatchObject({ flagged: true, overridden: true });
    expect(passed.statement).toBe('It leaks. The user went on (--allow-leaks).');
    expect(await passLeakGate(honest, { leak: passed, allowLeaks: true })).toEqual(passed);
  });

  it("refuses nothing under the paper's protocol, and nothing that is clean", async () => {
    expect(await passLeakGate(paper, { leak })).toEqual(leak);
    expect(await passLeakGate(honest, { leak: { ...leak, flagged: false } })).toMatchObject({ overridden: false });
  });

  it('checks a split itself where no verdict is given', async () => {
    expect(await passLeakGate(honest)).toMatchObject({ split: 'made', rate: 0, flagged: false });
  });
});
