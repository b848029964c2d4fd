#!/usr/bin/env node
/** The felfri command. */
import { Command } from 'commander';
import { felfriVersion } from '../core/version.ts';
import { addBackboneCommand } from './commands/backbone.ts';
import { addBenchCommand } from './commands/bench.ts';
import { addCompareCommand } from './commands/compare.ts';
import { addDataCommand } from './commands/data.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addFuseCommand } from './commands/fuse.ts';
import { addInspectCommand } from './commands/inspect.ts';
import { addJudgingCommands } from './commands/judge.ts';
import { addPlanCommand } from './commands/plan.ts';
import { addStationCommands } from './commands/serve.ts';
import { addSimulateCommand } from './commands/simulate.ts';
import { addTrainCommands } from './commands/train.ts';
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
addDemoCommand(program);
addSimulateCommand(program);
addDataCommand(program);
addTrainCommands(program);
addFuseCommand(program);
addCompareCommand(program);
addJudgingCommands(program);
addPlanCommand(program);
addInspectCommand(program);
addBenchCommand(program);
addStationCommands(program);
addBackboneCommand(program);
await program.parseAsync();
