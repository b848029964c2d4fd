/**
 * Backbones whose weights felfri knows where to find. All are timm's ports of the TensorFlow EfficientNets on huggingface.co;
 * docs/backbones.md says how each row was checked. Another row is one more line of `rows`.
 */
import type { EfficientNetPadding } from '../efficientnet.ts';
import type { EfficientNetVariant } from '../efficientnet-architecture.ts';

export interface KnownBackbone {
  /** As on the command line: `efficientnet-b5`, or `efficientnet-b0.ns_jft_in1k` for other weights of the same network. */
  readonly name: string;
  readonly variant: EfficientNetVariant;
  /** Repository on the hub, `owner/name`. */
  readonly repository: string;
  /** Branch or commit that is asked for when no lock file pins one. */
  readonly revision: string;
  /** File within the repository; safetensors, because no code can hide in it. */
  readonly file: string;
  /** Size as the hub shows it, in 10^6 bytes. */
  readonly megabytes: number;
  /** SPDX identifier, as the model card states it. */
  readonly licence: string;
  readonly padding: EfficientNetPadding;
  /** SHA-256 that the hub stated for the file when the row was written, lower-case hexadecimal. */
  readonly sha256?: string;
  /** What the weights were trained on. */
  readonly trainedOn: string;
}

/** The weights that a plain `efficientnet-bN` means: trained on ImageNet-1k alone. */
const plain = 'aa_in1k';

const trainedOn = {
  aa_in1k: 'ImageNet-1k, AutoAugment',
  ns_jft_in1k: 'ImageNet-1k and unlabelled JFT-300M, Noisy Student',
} as const;

const rows: readonly (readonly [EfficientNetVariant, keyof typeof trainedOn, megabytes: number, sha256?: string])[] = [
  ['b0', 'aa_in1k', 21.4, 'bc97e48e1360ee9d9c9d8a39ad2fb9b85ad150eb89d6fc69cd0f08301b5e0b3e'],
  ['b1', 'aa_in1k', 31.5, '44df4f85e844442fe761fb0ce92a9e4b96b2ec5d209e9169956fe033da180145'],
  ['b2', 'aa_in1k', 36.8, '08d7bd5d858873cb1a829f51c01811c75117665b1de91c215acbcf836a23a5c9'],
  ['b3', 'aa_in1k', 49.3],
  ['b5', 'aa_in1k', 122, 'e81868f5acfdd37fc79a337761cba24b33611d652ca969cbe9a474fd800ad4de'],
  ['b6', 'aa_in1k', 173],
  ['b7', 'aa_in1k', 267],
  ['b0', 'ns_jft_in1k', 21.4],
  ['b2', 'ns_jft_in1k', 36.8, 'd441728dab04096ffe5ba9fd85d9d7b7d988b0457273e683f9aba17d8e9c58c3'],
  ['b6', 'ns_jft_in1k', 173],
];

/** Every known backbone, the plain names first. */
export const knownBackbones: readonly KnownBackbone[] = rows.map(([variant, tag, megabytes, sha256]) => ({
  name: tag === plain ? `efficientnet-${variant}` : `efficientnet-${variant}.${tag}`,
  variant,
  repository: `timm/tf_efficientnet_${variant}.${tag}`,
  revision: 'main',
  file: 'model.safetensors',
  megabytes,
  licence: 'Apache-2.0',
  padding: 'same',
  ...(sha256 !== undefined && { sha256 }),
  trainedOn: trainedOn[tag],
}));

/** The known backbone of this name, or undefined. */
export function knownBackbone(name: string): KnownBackbone | undefined {
  return knownBackbones.find((known) => known.name === name);
}
