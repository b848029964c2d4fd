/** `felfri plan`. */
import type { Command } from 'commander';
import { evidenceOf } from '../../jobs/judge/proof.ts';
import { type Claim, needText, proofText, successRate } from '../../judge/proof-text.ts';
import { proofOf, trialsNeeded } from '../../judge/sample-size.ts';
import { share, whole } from '../options.ts';
import { exitCode, type OutputOptions, print, runCommand } from '../run.ts';

interface PlanOptions extends OutputOptions {
  readonly recall?: number;
  readonly falseAlarms?: number;
  readonly confidence: number;
  readonly allowedMisses: number;
  readonly allowedAlarms: number;
  readonly bundle?: string;
}

/** The claims that the options make, each with how many parts may be decided wrongly. */
function claimsOf(options: PlanOptions): { claim: Claim; allowed: number }[] {
  const { confidence, recall, falseAlarms, allowedMisses, allowedAlarms } = options;
  const asked = recall ?? (falseAlarms === undefined ? 0.95 : undefined);
  return [
    ...(asked === undefined
      ? []
      : [{ claim: { kind: 'recall', value: asked, confidence } as const, allowed: allowedMisses }]),
    ...(falseAlarms === undefined
      ? []
      : [{ claim: { kind: 'false alarms', value: falseAlarms, confidence } as const, allowed: allowedAlarms }]),
  ];
}

async function planned({ claim, allowed }: { claim: Claim; allowed: number }, bundle: string | undefined) {
  const goal = { rate: successRate(claim), confidence: claim.confidence };
  const needed = Array.from({ length: allowed + 1 }, (_, wrong) => ({ wrong, parts: trialsNeeded(goal, wrong) }));
  const evidence = bundle === undefined ? null : await evidenceOf(bundle, claim.kind);
  const soFar = evidence && { ...evidence, ...(evidence.sawThreshold ? null : proofOf(goal, evidence)) };
  const text = [
    ...needed.map(({ wrong, parts }) => needText(claim, parts, wrong)),
    ...(evidence ? [`${bundle}: ${proofText(claim, evidence)}`] : []),
  ];
  return { claim, needed, soFar, text };
}

export function addPlanCommand(program: Command): void {
  program
    .command('plan')
    .description('how many parts prove a recall or a false-alarm rate')
    .option('--recall <r>', 'recall to be proven (default: 0.95 where no false-alarm rate is given)', share)
    .option('--false-alarms <f>', 'false-alarm rate to be kept below', share)
    .option('--confidence <c>', 'one-sided confidence of the proof', share, 0.95)
    .option('--allowed-misses <k>', 'show also what 1 to k missed defective parts ask for', whole(0), 0)
    .option('--allowed-alarms <k>', 'show also what 1 to k false alarms ask for', whole(0), 0)
    .option('--bundle <folder>', 'go on from the test images that this bundle was evaluated on')
    .option('--json', 'one JSON object on standard output')
    .addHelpText(
      'after',
      '\nParts must be drawn as the line makes them, each another part, and none of them may have set the threshold.',
    )
    .action((options: PlanOptions) =>
      runCommand({ quiet: true, ...(options.json && { json: true }) }, async () => {
        const plans = [];
        for (const each of claimsOf(options)) plans.push(await planned(each, options.bundle));
        print(
          options,
          { bundle: options.bundle ?? null, plans: plans.map(({ text: _, ...facts }) => facts) },
          plans.flatMap(({ text }) => text).join('\n'),
        );
        return exitCode.ok;
      }),
    );
}
