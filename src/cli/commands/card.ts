/** `felfri card`. */
import type { Command } from 'commander';
import { modelCard } from '../../bundle/card/card.ts';
import { cardMarkdown, cardPage } from '../../bundle/card/render.ts';
import { readManifest } from '../../bundle/content.ts';
import { writeFileAtomic } from '../../core/files.ts';
import { requireWritableFile } from '../../core/outputs.ts';
import { isReport } from '../../judge/report/page.ts';
import { exitCode, type OutputOptions, print, runCommand } from '../run.ts';

interface CardOptions extends OutputOptions {
  readonly report?: string;
  readonly overwrite?: boolean;
}

export function addCardCommand(program: Command): void {
  program
    .command('card')
    .description('the model card of a bundle: data, figures with intervals, limits, what it is for')
    .argument('<bundle>', 'folder that felfri train wrote')
    .option('--report <file>', 'write it there as an HTML page')
    .option('--overwrite', 'replace what lies where the page goes')
    .option('--json', 'one JSON object on standard output')
    .action((bundle: string, options: CardOptions) =>
      runCommand(options, async () => {
        const { report, overwrite = false } = options;
        if (report !== undefined)
          await requireWritableFile(report, { isOwn: isReport, own: 'report of felfri', overwrite });
        const card = modelCard(await readManifest(bundle));
        if (report !== undefined) await writeFileAtomic(report, cardPage(card));
        print(options, card, cardMarkdown(card).trimEnd());
        return exitCode.ok;
      }),
    );
}
