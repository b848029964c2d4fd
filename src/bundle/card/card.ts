/**
 * The model card of a bundle: what it is for, what it learned from, what was measured and what was not, made of bundle.json alone. Form after
 * Mitchell and others, "Model Cards for Model Reporting" (2019).
 */

import { onOneLine } from '../../core/control-characters.ts';
import { titleOf } from '../../detectors/table.ts';
import type { BundleManifest } from '../schema.ts';
import { type CardRow, figureRows, readEvaluation, type StoredEvaluation, whatIsProved } from './figures.ts';

type Added = NonNullable<BundleManifest['added']>;

interface CardSection {
  readonly title: string;
  readonly rows: readonly CardRow[];
  /** Sentences. */
  readonly notes: readonly string[];
}

export interface ModelCard {
  readonly title: string;
  /** ISO 8601. */
  readonly created: string;
  readonly sections: readonly CardSection[];
}

const number = (value: number): string => String(Number(value.toPrecision(6)));

function what({ detector, canvas, pixels, backbone, quantisation, files, data }: BundleManifest): CardSection {
  return {
    title: 'What it is',
    rows: [
      ['Detector', titleOf(detector)],
      ['Trained on', data.name],
      ['Looks at', `${canvas.width} x ${canvas.height} pixels, ${canvas.fit}`],
      ['Pixels', pixels ? `${pixels.sample}${pixels.raw === undefined ? '' : `, ${pixels.raw}`}` : '8 bits'],
      ['Backbone', backbone ? `${backbone.name} (${backbone.licence})` : 'none'],
      ...(quantisation
        ? [
            [
              'Computes in',
              `8 bits for ${quantisation.convolutions} of ${quantisation.allConvolutions} convolutions`,
            ] as const,
          ]
        : []),
      ['Model, SHA-256', files['model.onnx'] ?? 'unknown'],
    ],
    notes: [],
  };
}

const use: CardSection = {
  title: 'What it is for',
  rows: [],
  notes: [
    'It finds visible defects in photographs of parts of the kind that it was trained on, taken as those were, so that parts can be sorted and people can look at the doubtful ones.',
    'It is no safety function. It must not guard people, and must not be the safety component of a machine.',
    'It judges parts. It is not for pictures of people.',
    'Whoever uses it sees to parts that it sends to REVIEW, and to those that it could not inspect: neither is OK.',
  ],
};

function additions({ name, learned, keptApart, defective, leftOut, accepted, to }: Added): string {
  const called = accepted > 0 ? ` ${accepted} of the good ones were called clearly defective before.` : '';
  return (
    `Photographs of ${name} were added without training, to the model ${to.slice(0, 12)}: ${learned} good ones were learned from, ` +
    `${keptApart} good and ${defective} defective ones set scale and threshold with those of before, ${leftOut} were left out.${called}`
  );
}

function data({ data: own, added }: BundleManifest): CardSection {
  const { images, name, hash, split, protocol, partGroups, leak } = own;
  return {
    title: 'Data',
    rows: [
      ['Data set', name],
      ['Its SHA-256', hash],
      ['Images to learn from', String(images.train)],
      ['Images for the threshold', String(images.calibration)],
      ['Images of the test', String(images.test)],
      ['Part groups', partGroups || 'not stated'],
      ['Split', split],
      ['Protocol', protocol],
    ],
    notes: [
      leak ? leak.statement : 'No leak check is on record: test images may show what was trained on.',
      ...(added ? [additions(added)] : []),
    ],
  };
}

function threshold({ threshold: own }: BundleManifest): CardSection {
  if (!own) return { title: 'Threshold', rows: [], notes: ['It has none: every part is for REVIEW.'] };
  const { value, rule, chosenOn, statement, review } = own;
  return {
    title: 'Threshold',
    rows: [
      ['NG from', number(value)],
      ['Rule', rule],
      ['Chosen on', chosenOn],
      ...(review ? [['REVIEW from', number(review.value)] as const, ['Rule of REVIEW', review.rule] as const] : []),
    ],
    notes: [statement, ...(review ? [review.statement] : [])],
  };
}

function measured(evaluation: StoredEvaluation | null): CardSection {
  if (!evaluation)
    return { title: 'What was measured', rows: [], notes: ['It was not evaluated: none of its rates is known.'] };
  const { confidence, good, defective } = evaluation;
  return {
    title: 'What was measured',
    rows: figureRows(evaluation),
    notes: [
      `On ${good} good and ${defective} defective test images; intervals of ${number(confidence * 100)} %.`,
      ...whatIsProved(evaluation),
    ],
  };
}

const span = ({ least, most }: { least: number; most: number }): string => (least === most ? number(least) : `${number(least)} to ${number(most)}`); // biome-ignore format: one line

function limits({
  pictureSizes,
  blankPictures,
  frameFaults,
  regions,
  data: own,
  mapUnit,
}: BundleManifest): CardSection {
  const sizes = pictureSizes
    ? `It learned from pictures of ${span(pictureSizes.width)} x ${span(pictureSizes.height)} pixels. One of quite another size is ${pictureSizes.policy === 'review' ? 'for REVIEW' : 'judged all the same'}.`
    : 'Sizes of pictures that it was not trained on are judged all the same.';
  const blank =
    blankPictures?.policy === 'judge'
      ? 'A picture that shows nothing is judged like any other, since good parts look so.'
      : `A picture that shows nothing is for REVIEW${frameFaults ? ', and one of which lines are missing' : ''}.`;
  return {
    title: 'Limits',
    rows: [],
    notes: [
      sizes,
      blank,
      ...(regions ? ['Outside its regions it looks at nothing.'] : []),
      ...(own.protocol === 'paper'
        ? ['The threshold was chosen on the test images, as a paper did. Its figures are no promise for other parts.']
        : []),
      ...(mapUnit === 'score' ? [] : ['Its heat map shows places, not degrees: values are no scores.']),
      'Figures hold for parts and pictures as those of the test. Another light, lens, focus, place, supplier or tool is another case: felfri robustness measures some of them.',
      'Defects of a kind that no test image shows were not measured.',
    ],
  };
}

function making({ training, software, created }: BundleManifest): CardSection {
  const told = Object.entries(training).flatMap(([name, value]): CardRow[] =>
    typeof value === 'number' ? [[name, number(value)]] : typeof value === 'string' ? [[name, value]] : [],
  );
  return {
    title: 'How it was made',
    rows: [['Made', created], ...told, ...Object.entries(software)],
    notes: [],
  };
}

/** Texts in it may come from anybody: each is one line. */
export function modelCard(manifest: BundleManifest): ModelCard {
  const evaluation = readEvaluation(manifest.evaluation);
  const sections = [
    what(manifest),
    use,
    data(manifest),
    threshold(manifest),
    measured(evaluation),
    limits(manifest),
    making(manifest),
  ];
  return {
    title: `Model card: ${onOneLine(titleOf(manifest.detector))} of ${onOneLine(manifest.data.name)}`,
    created: manifest.created,
    sections: sections.map(({ title, rows, notes }) => ({
      title,
      rows: rows.map(([name, value]) => [onOneLine(name), onOneLine(value)] as const),
      notes: notes.map(onOneLine),
    })),
  };
}
