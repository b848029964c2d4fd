/** The HTML report of a comparison, with examples from every bundle. */
import { writeFileAtomic } from '../../core/files.ts';
import type { SequenceEvidence } from '../../judge/report/comparison-input.ts';
import { renderComparison } from '../../judge/report/comparison-report.ts';
import { examplesOf } from '../judge/examples.ts';
import { labelled } from '../judge/scoring.ts';
import type { ComparisonOutcome } from './compare.ts';

/**
 * Writes one self-contained HTML file.
 *
 * @param command the exact command line.
 */
export async function writeComparisonReport(
  path: string,
  command: string,
  { comparison, judgedOf }: Pick<ComparisonOutcome, 'comparison' | 'judgedOf'>,
): Promise<void> {
  const evidence: SequenceEvidence[] = [];
  for (const [{ bundle }, judged] of judgedOf) {
    const { scored } = judged;
    evidence.push({
      bundle,
      ...labelled(scored),
      names: scored.map(({ image }) => image.name),
      partGroups: scored.map(({ image }) => image.partGroup),
      examples: await examplesOf(judged, ['miss', 'false alarm']),
    });
  }
  const { name } = comparison.dataSet;
  const title = comparison.protocols.some(({ unet }) => unet.length > 0)
    ? `U-Net and flow on ${name}`
    : `Flow on ${name}`;
  await writeFileAtomic(path, renderComparison({ title, comparison, command, evidence }));
}
