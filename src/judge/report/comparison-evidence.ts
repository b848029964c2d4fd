/** The sequences of a comparison joined with the images that they judged. */
import { FelfriError } from '../../core/errors.ts';
import type { Comparison, ProtocolResult, Sequence } from '../comparison.ts';
import type { SequenceEvidence } from './comparison-input.ts';
import type { NotedExample } from './examples.ts';
import type { ExampleMap } from './input.ts';

export interface EvidencedSequence extends Sequence {
  readonly evidence: SequenceEvidence;
}

export interface EvidencedProtocol extends ProtocolResult {
  readonly flow: readonly EvidencedSequence[];
  readonly unet: readonly EvidencedSequence[];
  readonly fusion: readonly EvidencedSequence[];
}

/** A comparison of which every sequence has its judged images. */
export interface EvidencedComparison extends Comparison {
  readonly protocols: readonly EvidencedProtocol[];
}

function joined(sequence: Sequence, evidence: SequenceEvidence | undefined): EvidencedSequence {
  const { bundle, evaluation: e } = sequence;
  if (evidence === undefined) {
    throw new FelfriError(
      'OPTION_INVALID',
      `the sequence ${bundle} comes without the images that it judged; give them`,
      {
        subject: bundle,
      },
    );
  }
  const judged = e.good + e.defective;
  for (const part of ['labels', 'scores', 'names', 'partGroups'] as const) {
    if (evidence[part].length === judged) continue;
    throw new FelfriError(
      'SCORES_INVALID',
      `got ${evidence[part].length} ${part} of ${bundle}, whose evaluation judged ${judged} images; give those that it judged`,
      { subject: bundle },
    );
  }
  return { ...sequence, evidence };
}

/** Throws OPTION_INVALID for a sequence without evidence, SCORES_INVALID for evidence of other images than were judged. */
export function joinEvidence(comparison: Comparison, evidence: readonly SequenceEvidence[]): EvidencedComparison {
  const of = new Map(evidence.map((entry) => [entry.bundle, entry]));
  const join = (sequences: readonly Sequence[]) => sequences.map((s) => joined(s, of.get(s.bundle)));
  const protocols = comparison.protocols.map((p) => ({
    ...p,
    flow: join(p.flow),
    unet: join(p.unet),
    fusion: join(p.fusion),
  }));
  return { ...comparison, protocols };
}

/** In how many sequences an image was judged, and in how many of them wrongly. */
function wrongly(sequences: readonly EvidencedSequence[], name: string): { judged: number; wrong: number } {
  let judged = 0;
  let wrong = 0;
  for (const { evidence, evaluation } of sequences) {
    const i = evidence.names.indexOf(name);
    if (i < 0) continue;
    judged++;
    if (evidence.scores[i]! >= evaluation.threshold !== (evidence.labels[i] === 1)) wrong++;
  }
  return { judged, wrong };
}

const kinds: readonly ExampleMap['kind'][] = ['hit', 'miss', 'false alarm'];

/**
 * The worst of every sequence in turn, each image once: scores of different sequences come from different networks and cannot be
 * ranked against each other.
 *
 * @param limit of each kind.
 */
export function pooledExamples(sequences: readonly EvidencedSequence[], limit: number): NotedExample[] {
  return kinds.flatMap((kind) => {
    const rising = kind === 'miss' ? 1 : -1;
    const lists = sequences.map(({ name, evidence }) =>
      evidence.examples
        .filter((example) => example.kind === kind)
        .sort((a, b) => rising * (a.score - b.score))
        .map((example) => ({ ...example, sequence: name })),
    );
    const longest = Math.max(0, ...lists.map((list) => list.length));
    const turns = Array.from({ length: longest }, (_, turn) => lists.flatMap((list) => list[turn] ?? [])).flat();
    const once = turns.filter((example, i) => turns.findIndex(({ name }) => name === example.name) === i);
    return once.slice(0, limit).map(({ sequence, ...example }) => {
      const { judged, wrong } = wrongly(sequences, example.name);
      const often = kind === 'hit' || judged < 2 ? '' : `, wrong in ${wrong} of ${judged} sequences`;
      return { ...example, note: `${sequence}${often}` };
    });
  });
}
