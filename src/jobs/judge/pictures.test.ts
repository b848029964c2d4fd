/** The figures of an evaluation are of what the product decides: a test image for REVIEW by its picture is neither found, nor a false alarm, nor OK. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { plainPng, temporaryFolders } from '../../../test/support/folder.ts';
import { partPng, smallBundle } from '../../../test/support/station.ts';
import { amendBundle } from '../../bundle/write.ts';
import { decodeImage } from '../../data/image/decode.ts';
import { encodePng } from '../../data/image/encode.ts';
import type { PartImage } from '../../data/part-image.ts';
import { Inspector } from '../../inspect/inspector.ts';
import { requireHonestFigures } from './claims.ts';
import { evaluateBundle } from './evaluate.ts';
import { evidenceOf } from './proof.ts';
import { readStoredScores } from './stored-scores.ts';

const newFolder = temporaryFolders();

const striped = (width: number, height: number): Promise<Uint8Array> =>
  encodePng({
    width,
    height,
    channels: 3,
    data: Uint8Array.from({ length: width * height * 3 }, (_, i) => 60 + ((i * 7) % 90)),
  });

it('counts REVIEW by size and blank pictures as REVIEW, as inspect says it of each image', async () => {
  const work = await newFolder();
  const made = await smallBundle(join(work, 'bundle'), 0);
  const { width, height } = await decodeImage(await partPng(1), 'part');
  const span = (value: number) => ({ least: value, most: value });
  const sizes = { height: span(height), width: span(width), proportion: span(width / height) };
  const before = await Inspector.open(made, { threads: 1 });
  // every score is above it
  const threshold = { value: -1e6, rule: 'by hand', statement: '', chosenOn: 'calibration' };
  await amendBundle(made, before.manifest, {
    threshold,
    pictureSizes: { policy: 'review', told: false, images: 9, ...sizes },
  });
  await before.close();

  const files = { good0: await partPng(1), good1: await striped(width * 4, height), bad0: await partPng(2) };
  const bytes = { ...files, bad1: await plainPng(0, width, height), bad2: await striped(width, height * 3) };
  const test: PartImage[] = [];
  for (const [name, data] of Object.entries(bytes)) {
    await writeFile(join(work, `${name}.png`), data);
    const label = name.startsWith('good') ? 'good' : 'defective';
    test.push({ path: join(work, `${name}.png`), name: `${name}.png`, label, className: label, partGroup: name });
  }
  const split = { name: 'made', protocol: 'honest', train: [], calibration: [], test, notes: [] } as const;
  const warnings: string[] = [];
  const onWarning = (warning: string) => warnings.push(warning);
  const judged = await evaluateBundle({ bundle: made, split, threads: 1, allowLeaks: true, onWarning });

  const inspector = await Inspector.open(made, { threads: 1 });
  const decisions: string[] = [];
  for (const { path } of test) decisions.push((await inspector.inspect(path)).decision);
  await inspector.close();
  expect(decisions).toEqual(['NG', 'REVIEW', 'NG', 'REVIEW', 'REVIEW']);
  const { images } = await readStoredScores(made, 'test');
  expect(images.map(({ decision }) => decision)).toEqual(decisions);

  expect(judged.evaluation).toMatchObject({
    recall: { count: 1, total: 3 },
    falseAlarmRate: { count: 1, total: 2 },
    threeWay: {
      review: null,
      pictures: 3,
      good: { ok: 0, review: 1, ng: 1 },
      defective: { ok: 0, review: 2, ng: 1 },
      recall: { count: 3, total: 3 },
    },
  });
  expect(warnings.join()).toMatch(/3 of 5 test images are for REVIEW whatever their score, .*good1\.png: another size/);
  expect(await evidenceOf(made, 'recall')).toMatchObject({ trials: 3, failures: 0, withReview: true });

  // what a station asks of a bundle before it takes it
  expect(await requireHonestFigures(made, judged.manifest)).toBe(true);
  const path = join(made, 'run/test-scores.json');
  const stored = await readFile(path, 'utf8');
  await writeFile(path, stored.replace(/"picture": ?"another size of picture/, '"picture": "as I like it'));
  await expect(requireHonestFigures(made, judged.manifest)).rejects.toThrow('by no reason of a picture');
});
