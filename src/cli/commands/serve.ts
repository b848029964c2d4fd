/** `felfri serve`. */
import type { Command } from 'commander';
import { day, oneOf, positive, whole, withDeviceOption } from '../options.ts';
import { exitCode, runCommand } from '../run.ts';
import type { ServeOptions } from '../serve-settings.ts';

const repeated = (value: string, values: string[]): string[] => [...values, value];

/** Where it listens, and who is let in. */
const withAccessOptions = (serve: Command): Command =>
  serve
    .option('--data <folder>', 'where recipes, records and images are kept', 'felfri-station')
    .option('--comparisons <folder>', 'what felfri compare wrote, to be shown (default: comparisons in --data)')
    .option('--port <n>', 'port to listen on; 0 takes a free one', whole(0), 7350)
    .option('--host <address>', 'address to listen on; other than loopback needs users or a token', '127.0.0.1')
    .option('--token <text>', 'what every request must bring (default: FELFRI_TOKEN)')
    .option('--idle-minutes <n>', 'minutes without use after which a session ends', positive, 30)
    .option(
      '--trusted-keys <folder>',
      'take bundles alone that a key in there signed (felfri sign), and none of a revoked one',
    )
    .option(
      '--release <by>',
      'whom a recipe needs to sign for it before it judges: none, one person, or four-eyes (two)',
      oneOf('none', 'one', 'four-eyes'),
      'none',
    )
    .option('--tls-cert <file>', 'certificate (PEM) by which it speaks HTTPS; other machines should get nothing else')
    .option('--tls-key <file>', 'its private key (PEM)')
    .option('--allow-host <name>', 'a further host name by which browsers address it; may be repeated', repeated, [])
    .option(
      '--audit-heads <place>',
      'note the head of the audit log there, where who alters the records cannot reach: a file, syslog://, syslog+tcp:// or https://; may be repeated',
      repeated,
      [],
    );

/** What is kept, and for how long. */
const withKeepingOptions = (serve: Command): Command =>
  serve
    .option('--store <which>', 'images to keep: all, ng (NG and REVIEW), none', oneOf('all', 'ng', 'none'), 'ng')
    .option('--keep-days <n>', 'days for which pictures are kept; records stay', positive)
    .option('--keep-gigabytes <n>', 'most that pictures take; the oldest go first, records stay', positive)
    .option(
      '--keep-records-days <n>',
      'days for which records are kept, then deleted with pictures and verdicts',
      positive,
    )
    .option('--keep-records <n>', 'most inspections on record; the oldest are deleted first', whole(1))
    .option(
      '--upgrade-without-copy',
      'upgrade records of an older felfri without the copy of before that is made else: there is no way back then',
    )
    .option('--today <date>', 'the day it is, such as 2026-11-27: after months at rest the clock is believed so', day);

/** How images come, and how much of the machine they take. */
const withLineOptions = (serve: Command): Command =>
  serve
    .option(
      '--line <file>',
      'sources of images, and outputs to controllers and plant (default: line.json in --data, where it is there)',
    )
    .option('--decide-within <s>', 'seconds in which an image must be decided on once it has come', positive, 30)
    .option('--show-for <s>', 'seconds for which a page shows a decision as the newest', positive, 30)
    .option('--queue <n>', 'images that may wait at a time; more are turned away with 503', whole(1), 32)
    .option('--workers <n>', 'images that are inspected at a time', whole(1), 1)
    .option('--threads <n>', 'threads of each worker (default: all cores, shared out)', whole(1))
    .option('--image-megabytes <n>', 'largest image file', whole(1), 32)
    .option('--image-megapixels <n>', 'largest image', whole(1), 50)
    .option('--memory <n>', 'megabytes that the station may take; says how large images may be', whole(500), 1500)
    .option('--rate <n>', 'requests a minute from one address', whole(1), 6000);

export function addServeCommand(program: Command): void {
  const serve = program
    .command('serve')
    .description('the station: inspect, review and tune by a web page and HTTP; keeps every result')
    .argument('[bundles...]', 'folders that felfri train wrote; each becomes a recipe, the first the active one');
  withDeviceOption(withLineOptions(withKeepingOptions(withAccessOptions(serve))))
    .option('--log <level>', 'JSON lines on standard error', oneOf('info', 'warn', 'error', 'silent'), 'warn')
    .addHelpText(
      'after',
      '\nDATABASE_URL=postgres://... keeps the records in PostgreSQL instead of SQLite in the data folder.',
    )
    .action((bundles: string[], options: ServeOptions) =>
      runCommand(
        { quiet: true },
        async ({ signal }) => {
          const { serve } = await import('../station-process.ts');
          await serve(bundles, options, signal);
          return exitCode.ok;
        },
        'Ending when what has come is answered',
      ),
    );
}
