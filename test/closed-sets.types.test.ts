/**
 * What does not compile: a new error, threshold rule, action of the audit log, backbone, detector or option before its row is whole.
 * The compiler is the test; endpoints have theirs beside the contract, and values of options in src/detectors/table.test.ts.
 */
import { expect, it } from 'vitest';
import { type ErrorRow, errorCodes, FelfriError } from '../src/core/errors.ts';
import { optionRows, wholeFrom } from '../src/core/options.ts';
import { ownBackbones } from '../src/detectors/backbones/table.ts';
import type { TrainedDetector } from '../src/detectors/detector.ts';
import { trainedDetectors } from '../src/detectors/table.ts';
import type { RuleKind, RuleRow } from '../src/judge/rules/rule.ts';
import { rules } from '../src/judge/rules/table.ts';
import type { AuditActionRow } from '../src/station/audit/action-row.ts';
import { auditActions } from '../src/station/audit/actions.ts';
import type { AuditAction, AuditDetails } from '../src/station/audit/details.ts';

type Rules = { readonly [K in RuleKind]: RuleRow<K> };
type Actions = { readonly [A in AuditAction]: AuditActionRow<AuditDetails[A]> };

it('holds errors to their table', () => {
  const { IMAGE_EMPTY } = errorCodes;
  const rows = [
    IMAGE_EMPTY satisfies ErrorRow,
    // @ts-expect-error no status of the station's answer
    { meaning: IMAGE_EMPTY.meaning } satisfies ErrorRow,
    // @ts-expect-error no sentence for docs/errors.md
    { http: IMAGE_EMPTY.http } satisfies ErrorRow,
  ];
  // @ts-expect-error a code without a row
  const error = new FelfriError('NO_SUCH_CODE', 'cannot be thrown');
  expect([rows.length, error.message]).toEqual([3, 'cannot be thrown']);
});

it('holds threshold rules to their table', () => {
  const { recall, f1, ...others } = rules;
  const { choose: _, ...unable } = f1;
  const { bound: __, ...unbound } = f1;
  const { meaning: ___, ...unsaid } = f1;
  const tables = [
    { ...others, recall, f1 } satisfies Rules,
    // @ts-expect-error a kind of rule without a row
    { ...others, f1 } satisfies Rules,
    // @ts-expect-error nothing chooses the threshold
    { ...others, recall, f1: unable } satisfies Rules,
    // @ts-expect-error nothing says which images it needs
    { ...others, recall, f1: unbound } satisfies Rules,
    // @ts-expect-error no meaning for help and page
    { ...others, recall, f1: unsaid } satisfies Rules,
    // @ts-expect-error a number of the rule is not described
    { ...others, f1, recall: { ...recall, numbers: {} } } satisfies Rules,
  ];
  expect(tables).toHaveLength(6);
});

it('holds actions of the audit log to their table', () => {
  const { 'recipe.activated': activated, ...others } = auditActions;
  const { tell: _, ...silent } = activated;
  const tables = [
    { ...others, 'recipe.activated': activated } satisfies Actions,
    // @ts-expect-error an action without a row
    others satisfies Actions,
    // @ts-expect-error no sentence
    { ...others, 'recipe.activated': silent } satisfies Actions,
    {
      ...others,
      // @ts-expect-error a sentence of what the entry does not hold
      'recipe.activated': { ...activated, tell: ({ detail }) => `${detail.verdict}` },
    } satisfies Actions,
  ];
  expect(tables).toHaveLength(4);
});

it('holds backbones, detectors and options to their tables', () => {
  const { wavelet, ...others } = ownBackbones;
  const { title: _, ...untitled } = trainedDetectors.flow;
  const { learner: __, ...unlearned } = trainedDetectors.flow;
  const found = [
    { ...others, wavelet } satisfies typeof ownBackbones,
    // @ts-expect-error a backbone without a row
    others satisfies typeof ownBackbones,
    // @ts-expect-error nothing opens it
    { ...others, wavelet: { meaning: wavelet.meaning } } satisfies typeof ownBackbones,
    // @ts-expect-error a detector without a title
    untitled satisfies TrainedDetector,
    // @ts-expect-error a detector that nothing trains
    unlearned satisfies TrainedDetector,
    optionRows({ depth: { kind: wholeFrom(1), form: '<n>', help: 'how deep', preset: { line: 2, paper: 3 } } }),
    // @ts-expect-error nothing says what is legal
    optionRows({ depth: { form: '<n>', help: 'how deep' } }),
    // @ts-expect-error a preset is missing
    optionRows({ depth: { kind: wholeFrom(1), form: '<n>', help: 'how deep', preset: { line: 2 } } }),
    // @ts-expect-error a preset of another type
    optionRows({ depth: { kind: wholeFrom(1), form: '<n>', help: 'how deep', preset: { line: 'two', paper: 3 } } }),
  ];
  expect(found).toHaveLength(9);
});
