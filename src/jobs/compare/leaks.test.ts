/** The gate before a comparison, on simulated parts of which one was photographed for both sides. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { recogniseDataSet } from '../../data/dataset.ts';
import type { PartImage } from '../../data/part-image.ts';
import { simulateRingFaces } from '../../data/simulate/bearing-ring/ring-faces.ts';
import type { Split } from '../../data/split.ts';
import { gateSplits } from './leaks.ts';

const folder = temporaryFolders();
let clean: Split;
let leaking: Split;

beforeAll(async () => {
  const data = await folder();
  await simulateRingFaces({ outDir: data, seed: 3, parts: 10, imagesPerPart: 1, size: 128, defectiveShare: 0.3 });
  const { images } = await recogniseDataSet(data);
  const common = { protocol: 'honest', train: images.slice(0, 6), calibration: [], notes: [] } as const;
  clean = { ...common, name: 'clean', test: images.slice(6) };
  const copy = join(data, 'copy.png');
  await writeFile(copy, await readFile(images[0]!.path));
  const { groupStated: _, ...first } = images[0]!;
  const unstated: PartImage = { ...first, path: copy, name: 'copy.png', partGroup: 'copy.png' };
  leaking = {
    ...common,
    name: 'leaking',
    test: [...clean.test, unstated],
  };
});

describe('gateSplits', () => {
  it('checks each split once, and keeps the verdict', async () => {
    const output = await folder();
    const phases: string[] = [];
    const request = { output, onPhase: (name: string) => phases.push(name) };
    const first = await gateSplits([clean, clean], request);
    expect(first.get(clean)).toMatchObject({ flagged: false, test: { images: 4, leaking: 0 } });
    expect(await gateSplits([clean], request)).toEqual(first);
    expect(phases.filter((phase) => phase.startsWith('Leak check'))).toEqual(['Leak check of clean']);
    expect(phases.filter((phase) => phase.startsWith('Reading'))).toHaveLength(1);
  });

  it('refuses an honest split that leaks, and lets it pass with a word where that is allowed', async () => {
    const output = await folder();
    await expect(gateSplits([clean, leaking], { output })).rejects.toMatchObject({ code: 'LEAK_FOUND' });
    const warnings: string[] = [];
    const request = { output, allowLeaks: true, onWarning: (text: string) => warnings.push(text) };
    const verdict = (await gateSplits([leaking], request)).get(leaking)!;
    expect(verdict).toMatchObject({ flagged: true, overridden: true, test: { nearCopies: 1 } });
    expect(warnings).toEqual([verdict.statement]);
    const paper = { ...leaking, protocol: 'paper' } as const;
    expect((await gateSplits([paper], { output })).get(paper)).toMatchObject({ flagged: true });
  });
});
