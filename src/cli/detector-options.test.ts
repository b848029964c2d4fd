/** Rows of options on a command line. */
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { aboveZero, fromZero, oneOf, optionRows, text } from '../core/options.ts';
import { givenOf, withOptionRows } from './detector-options.ts';

const rows = optionRows({
  epochs: { kind: fromZero, form: '<n>', help: 'times', preset: { line: 6, paper: 240 } },
  learningRate: { kind: aboveZero, flag: 'lr', form: '<rate>', help: 'rate', preset: { line: 1, paper: 1 } },
  cache: { kind: text, form: '<folder>', help: 'where', negated: 'nowhere' },
  gamma: { kind: fromZero, help: 'for programs alone' },
});
const others = optionRows({
  epochs: rows.epochs,
  featureTile: { kind: oneOf('a', 'b'), form: '<which>', help: 'tile' },
});
const beside = { rows, prefix: 'unet', title: 'U-Net' };

const parsed = (...args: string[]): object => {
  const command = withOptionRows(withOptionRows(new Command().exitOverride(), rows), others, beside);
  command.configureOutput({ writeErr: () => undefined });
  return command.parse(args, { from: 'user' }).opts();
};

it('gives what was said by the names of the rows, and nothing that was not', () => {
  const options = parsed('--lr', '0.5', '--epochs', '3');
  expect([givenOf(rows, options), givenOf(others, options, beside)]).toEqual([{ epochs: 3, learningRate: 0.5 }, {}]);
  expect(givenOf(rows, parsed())).toEqual({});
  expect(givenOf(rows, parsed('--no-cache'))).toEqual({ cache: false });
  expect(givenOf(rows, parsed('--cache', 'there'))).toEqual({ cache: 'there' });
});

it('gives a flag that two detectors have a prefix for the second one', () => {
  const options = parsed('--epochs', '3', '--unet-epochs', '7', '--feature-tile', 'b');
  expect(givenOf(rows, options)).toEqual({ epochs: 3 });
  expect(givenOf(others, options, beside)).toEqual({ epochs: 7, featureTile: 'b' });
});

it('refuses what is illegal with what is legal, and what programs alone are asked', () => {
  expect(() => parsed('--feature-tile', 'c')).toThrow('Legal are a, b.');
  expect(() => parsed('--epochs', '')).toThrow('Give a number from 0.');
  expect(() => parsed('--gamma', '1')).toThrow(/unknown option/);
});

it('says in the help what holds where nothing is said', () => {
  const help = withOptionRows(new Command(), rows).helpInformation();
  expect(help).toMatch(/--epochs <n>\s+times \(default: 6; paper: 240\)/);
  expect(help).toMatch(/--lr <rate>\s+rate \(default: 1\)/);
});
