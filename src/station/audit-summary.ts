/** An entry of the audit log as a sentence for people; the entry itself stays what counts. */
import type { AuditEntry } from './contract/station.ts';
import type { ChainedEntry } from './records/records.ts';

/** Names of recipes, data sets and such by their ids, where they are known. */
export type Names = ReadonlyMap<string, string>;

type Detail = Readonly<Record<string, unknown>>;

interface Told {
  /** Who did it. */
  readonly by: string;
  /** Its subject, by name where there is one. */
  readonly subject: string;
  readonly detail: Detail;
  readonly names: Names;
}

const quoted = (text: unknown): string => `"${String(text)}"`;

/** Six significant digits: two thresholds that differ look different, and nobody reads seventeen. */
function plain(value: unknown): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : 'none';
}

const day = (time: unknown): string => String(time).slice(0, 10);
const inside = (value: unknown): Detail => (value ?? {}) as Detail;
const withNote = ({ note }: Detail): string => (note ? `, noting ${quoted(note)}` : '');
const bytesOf = (value: unknown): string => `${plain(Number(value) / 1e6)} MB`;
const counted = (count: unknown, one: string): string => `${String(count)} ${one}${count === 1 ? '' : 's'}`;

function thresholdChange({ before, after }: Detail): string {
  const [from, to] = [inside(before), inside(after)];
  const change = (what: string, key: string): string => `${what} from ${plain(from[key])} to ${plain(to[key])}`;
  return `${change('NG', 'threshold')}, ${change('REVIEW', 'review')}; it is revision ${String(to['revision'])}`;
}

function span({ from, to }: Detail): string {
  return day(from) === day(to) ? `of ${day(from)}` : `of ${day(from)} to ${day(to)}`;
}

function labelled(image: unknown): string {
  const { label, className } = inside(image);
  if (label === 'defective') return `defective (${String(className)})`;
  return label === 'good' ? 'good' : 'without a label';
}

const shortHash = ({ image }: Detail): string => String(image).slice(0, 12);
const version = ({ version: number }: Detail): string => `version ${String(number)}`;

/** What each action says, as its detail defines it. */
const sentences: Readonly<Record<string, (told: Told) => string>> = {
  'recipe.created': ({ by, subject }) => `${by} added the recipe ${subject}.`,
  'recipe.thresholds': ({ by, subject, detail }) =>
    `${by} set the thresholds of ${subject}: ${thresholdChange(detail)}${withNote(detail)}.`,
  'recipe.rolled back': ({ by, subject, detail }) =>
    `${by} took ${subject} back to the thresholds of revision ${String(detail['to'])}: ${thresholdChange(detail)}${withNote(detail)}.`,
  'recipe.activated': ({ by, subject, detail, names }) => {
    const former = detail['former'];
    const instead = former ? ` in place of ${quoted(names.get(String(former)) ?? former)}` : '';
    return `${by} made ${subject} the active recipe${instead}.`;
  },

  'inspection.feedback': ({ by, subject, detail: { verdict, before, note } }) =>
    `${by} said ${quoted(verdict)} of inspection ${subject}${before ? ` in place of ${quoted(before)}` : ''}${withNote({ note })}.`,
  'inspection.feedback withdrawn': ({ by, subject, detail: { before, givenBy } }) =>
    `${by} took back ${quoted(before)}${givenBy ? `, said by ${String(givenBy)},` : ''} of inspection ${subject}.`,
  'pictures.removed': ({ by, detail }) =>
    `${by} removed the pictures of ${counted(detail['inspections'], 'inspection')} ${span(detail)}, ${bytesOf(detail['bytes'])}: ${String(detail['reason'])}. Their records stay.`,
  'inspections.removed': ({ by, detail }) =>
    `${by} deleted the records of ${counted(detail['inspections'], 'inspection')} ${span(detail)} with their pictures: ${String(detail['reason'])}. ${String(detail['waiting'])} of them waited for review.`,

  'not inspected.removed': ({ by, detail }) =>
    `${by} deleted ${counted(detail['records'], 'record')} of parts that were not inspected ${span(detail)}: ${String(detail['reason'])}.`,

  'dataset.created': ({ by, subject }) => `${by} made the data set ${subject}.`,
  'dataset.image': ({ by, subject, detail }) =>
    `${by} added the image ${shortHash(detail)} to ${subject}, ${labelled(detail['after'])}; it is ${version(detail)}.`,
  'dataset.label': ({ by, subject, detail }) =>
    `${by} labelled the image ${shortHash(detail)} of ${subject} ${labelled(detail['after'])}, before ${labelled(detail['before'])}; it is ${version(detail)}.`,
  'dataset.mask': ({ by, subject, detail }) =>
    `${by} ${inside(detail['after'])['mask'] ? 'drew' : 'took away'} the mask of the image ${shortHash(detail)} of ${subject}; it is ${version(detail)}.`,
  'dataset.removed': ({ by, subject, detail }) =>
    `${by} took the image ${shortHash(detail)} out of ${subject}; it is ${version(detail)}.`,

  'training.started': ({ by, subject, detail, names }) => {
    const dataSet = quoted(names.get(String(detail['dataSet'])) ?? detail['dataSet']);
    const detector = inside(detail['settings'])['detector'] === 'unet' ? 'U-Net' : 'flow';
    return `${by} started the training ${subject} of a ${detector} on ${version(detail)} of ${dataSet}.`;
  },
  'training.stopped': ({ by, subject }) => `${by} stopped the training ${subject}.`,
  'training.resumed': ({ by, subject }) => `${by} resumed the training ${subject}.`,

  'user.added': ({ by, subject, detail }) => `${by} added the user ${subject} as ${String(detail['role'])}.`,
  'user.role': ({ by, subject, detail }) =>
    `${by} made the user ${subject} ${String(detail['after'])}, before ${String(detail['before'])}.`,
  'user.password': ({ by, subject }) => `${by} set the password of the user ${subject}.`,
  'user.removed': ({ by, subject, detail }) => `${by} removed the user ${subject}, ${String(detail['role'])}.`,
  'user.signed in': ({ subject, detail }) => `Somebody signed in as ${subject} from ${String(detail['address'])}.`,
  'user.sign-in refused': ({ subject, detail }) =>
    `Somebody tried to sign in as ${quoted(subject)} from ${String(detail['address'])} and was refused.`,
  'user.token added': ({ by, subject, detail }) =>
    `${by} gave the user ${subject} a token, ${quoted(detail['label'])}.`,
  'user.token revoked': ({ by, subject, detail }) =>
    `${by} revoked the token ${quoted(detail['label'])} of the user ${subject}.`,
};

/** Inspections are spoken of by their id, users by their name; all else is named in quotes. */
function subjectOf({ action, subject, detail }: ChainedEntry, names: Names): string {
  if (action.startsWith('inspection.') || action.startsWith('user.')) return subject;
  return quoted(names.get(subject) ?? inside(detail)['name'] ?? subject);
}

/** One to two sentences in English; of an action that is not known, its name and subject. */
export function auditSummary(entry: ChainedEntry, names: Names): AuditEntry['summary'] {
  const by = entry.by ?? 'Somebody';
  const tell = sentences[entry.action];
  if (!tell) return `${by}: ${entry.action}, ${entry.subject}.`;
  return tell({ by, subject: subjectOf(entry, names), detail: inside(entry.detail), names });
}
