#!/usr/bin/env node
/** The felfri command. A command's module is loaded when it is asked for, since each brings libraries that the others start without. */
import { Command } from 'commander';
import { felfriVersion } from '../core/version.ts';
import { exitCode } from './run.ts';

const program = new Command('felfri')
  .description(
    'Finds defects in photographs of manufactured parts: train a detector, judge it honestly, put it to work.',
  )
  .version(felfriVersion)
  // a wrong option must not look like a part that is NG
  .exitOverride(({ exitCode: code }) => process.exit(code === 0 ? exitCode.ok : exitCode.refused))
  .showHelpAfterError('(add --help for what is legal)')
  .addHelpText(
    'after',
    `
A first visit:
  felfri demo                                      simulate parts, train both detectors, open the report
On your own parts:
  felfri data check photos/                        what is here, what is odd
  felfri train flow photos/ -o bundles/flow        from good parts alone
  felfri inspect bundles/flow new.jpg --maps out/  decision, score, heat map
  felfri serve bundles/flow                        the same by a web page, with records`,
  );

// such as a variable of the shell that is not set: a path of nothing would be the folder that one stands in
program.hook('preAction', (_, command) => {
  const values = command.opts();
  const empty = command.options.find((option) => values[option.attributeName()] === '');
  const what = empty ? `option '${empty.flags}'` : command.args.includes('') ? 'an argument' : undefined;
  if (what !== undefined) command.error(`error: got an empty text for ${what}; give a value, or leave it out`);
});

type Add = (program: Command) => void;

/** What each module of commands adds, in the order of the help. */
const modules: readonly { readonly commands: readonly string[]; readonly load: () => Promise<Add> }[] = [
  { commands: ['demo'], load: async () => (await import('./commands/demo.ts')).addDemoCommand },
  { commands: ['simulate'], load: async () => (await import('./commands/simulate.ts')).addSimulateCommand },
  { commands: ['data'], load: async () => (await import('./commands/data.ts')).addDataCommand },
  { commands: ['train'], load: async () => (await import('./commands/train.ts')).addTrainCommands },
  { commands: ['fuse'], load: async () => (await import('./commands/fuse.ts')).addFuseCommand },
  { commands: ['add'], load: async () => (await import('./commands/add.ts')).addAddCommand },
  { commands: ['quantize'], load: async () => (await import('./commands/quantize.ts')).addQuantizeCommand },
  { commands: ['compare'], load: async () => (await import('./commands/compare.ts')).addCompareCommand },
  { commands: ['calibrate', 'evaluate'], load: async () => (await import('./commands/judge.ts')).addJudgingCommands },
  {
    commands: ['robustness'],
    load: async () => (await import('./commands/robustness.ts')).addRobustnessCommand,
  },
  { commands: ['plan'], load: async () => (await import('./commands/plan.ts')).addPlanCommand },
  { commands: ['msa'], load: async () => (await import('./commands/msa.ts')).addMsaCommand },
  { commands: ['accept'], load: async () => (await import('./commands/accept.ts')).addAcceptCommand },
  { commands: ['inspect'], load: async () => (await import('./commands/inspect.ts')).addInspectCommand },
  { commands: ['bench'], load: async () => (await import('./commands/bench.ts')).addBenchCommand },
  { commands: ['serve'], load: async () => (await import('./commands/serve.ts')).addServeCommand },
  { commands: ['audit'], load: async () => (await import('./commands/audit.ts')).addAuditCommands },
  { commands: ['station'], load: async () => (await import('./commands/station.ts')).addFolderCommands },
  { commands: ['line'], load: async () => (await import('./commands/line.ts')).addLineCommands },
  { commands: ['user'], load: async () => (await import('./commands/user.ts')).addUserCommands },
  { commands: ['card'], load: async () => (await import('./commands/card.ts')).addCardCommand },
  { commands: ['key', 'sign', 'verify'], load: async () => (await import('./commands/sign.ts')).addSigningCommands },
  { commands: ['backbone'], load: async () => (await import('./commands/backbone.ts')).addBackboneCommand },
];
const asked = modules.filter(({ commands }) => commands.includes(process.argv[2] ?? ''));
// for help, and for a word that is no command, all are needed
for (const { load } of asked.length > 0 ? asked : modules) (await load())(program);
await program.parseAsync();
