/**
 * Records a comparison for docs/results.md: tsx scripts/record-comparison.ts NAME FACTS.json COMPARISON_FOLDER, where FACTS.json holds title,
 * remarks, commands, date and minutes. Only numbers are taken over, no image.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeJson } from '../src/core/files.ts';
import type { Comparison } from '../src/judge/comparison.ts';
import { type RecordedComparison, recordPath } from './results-doc.ts';

const [name, facts, folder] = process.argv.slice(2);
if (!name || !facts || !folder) {
  console.error('usage: tsx scripts/record-comparison.ts NAME FACTS.json COMPARISON_FOLDER');
  process.exitCode = 2;
} else {
  const comparison = JSON.parse(await readFile(join(folder, 'comparison.json'), 'utf8')) as Comparison;
  const stated = JSON.parse(await readFile(facts, 'utf8')) as Omit<RecordedComparison, 'comparison' | 'name'>;
  await writeJson(recordPath(name), { ...stated, comparison });
  console.log(`wrote ${recordPath(name)}; now npm run docs`);
}
