/** Threshold rules as text: read, written, checked and listed by the rows of `table.ts` alone. */
import { FelfriError } from '../../core/errors.ts';
import type { RuleKind, RuleNumber, ThresholdRule } from './rule.ts';
import { rules } from './table.ts';

export const ruleKinds = Object.keys(rules) as RuleKind[];

/** The numbers of a kind of rule by name, in the order in which they are written. */
export function numbersOf(kind: RuleKind): [name: string, number: RuleNumber][] {
  return Object.entries<RuleNumber>(rules[kind].numbers);
}

/** A kind of rule as it is written, such as `cost=M:A[@D]`. */
export function formOf(kind: RuleKind): string {
  const parts = numbersOf(kind).map(([, { before, letter, optional }]) =>
    optional ? `[${before}${letter}]` : `${before}${letter}`,
  );
  return kind + parts.join('');
}

/** Every rule with its form and meaning, a line each: what help texts list. */
export function ruleLines(): string {
  return ruleKinds.map((kind) => `  ${formOf(kind).padEnd(15)} ${rules[kind].meaning}`).join('\n');
}

function exampleOf(kind: RuleKind): string {
  const said = numbersOf(kind);
  const written = (some: typeof said): string =>
    kind + some.map(([, { before, example }]) => before + example).join('');
  const short = written(said.filter(([, { optional }]) => !optional));
  return short === written(said) ? short : `${short} or ${written(said)}`;
}

function rangeOf({ letter, least, withLeast, most, withMost }: RuleNumber): string {
  const low = `${letter} ${withLeast ? 'from' : 'above'} ${least}`;
  return most === Number.POSITIVE_INFINITY ? low : `${low} ${withMost ? 'to' : 'to below'} ${most}`;
}

/** Every rule by example with the range of its numbers: what a refusal lists. */
export function legalRules(): string {
  return ruleKinds
    .map((kind) => {
      const ranges = numbersOf(kind).map(([, number]) => rangeOf(number));
      return ranges.length === 0 ? kind : `${exampleOf(kind)} (${formOf(kind)}: ${ranges.join(', ')})`;
    })
    .join(', ');
}

function illegalRule(got: string): FelfriError {
  return new FelfriError('OPTION_INVALID', `got the threshold rule "${got}"; legal are ${legalRules()}`, {
    subject: 'rule',
  });
}

const isLegalNumber = (value: unknown, { least, withLeast, most, withMost, optional }: RuleNumber): boolean => {
  if (value === null) return optional;
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  return (withLeast ? value >= least : value > least) && (withMost ? value <= most : value < most);
};

const isKind = (kind: string): kind is RuleKind => Object.hasOwn(rules, kind);

function isLegal(rule: Readonly<Record<string, unknown>>): boolean {
  const { kind } = rule;
  if (typeof kind !== 'string' || !isKind(kind)) return false;
  return numbersOf(kind).every(([name, number]) => isLegalNumber(rule[name], number));
}

/** Throws OPTION_INVALID for a rule that is none, or whose numbers are out of their ranges. */
export function requireLegalRule(rule: ThresholdRule): void {
  if (isLegal({ ...rule })) return;
  throw illegalRule(isKind(rule.kind) ? formatThresholdRule(rule) : JSON.stringify(rule));
}

/** Reads a rule as `formOf` writes it. Throws OPTION_INVALID. */
export function parseThresholdRule(text: string): ThresholdRule {
  const [kind, ...written] = text.trim().split(/(?=[=:@])/);
  if (kind === undefined || !isKind(kind)) throw illegalRule(text);
  const rule: Record<string, unknown> = { kind };
  for (const [name, { before }] of numbersOf(kind)) {
    const next = written[0]?.startsWith(before) ? written.shift()!.slice(1) : undefined;
    // unlike Number, nothing is not 0
    rule[name] = next === undefined ? null : next.trim() === '' ? Number.NaN : Number(next);
  }
  if (written.length > 0 || !isLegal(rule)) throw illegalRule(text);
  return rule as unknown as ThresholdRule;
}

/** The text that `parseThresholdRule` reads. */
export function formatThresholdRule(rule: ThresholdRule): string {
  const values: Readonly<Record<string, unknown>> = { ...rule };
  const parts = numbersOf(rule.kind).map(([name, { before }]) =>
    values[name] === null ? '' : `${before}${values[name]}`,
  );
  return rule.kind + parts.join('');
}
