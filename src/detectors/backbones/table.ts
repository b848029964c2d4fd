/** The one table of backbones that have a name: command line, station and page list them from here. */
import { existsSync } from 'node:fs';
import { FelfriError } from '../../core/errors.ts';
import type { Backbone } from './backbone.ts';
import { efficientNetVariants } from './efficientnet-architecture.ts';
import { type KnownBackbone, knownBackbones } from './hub/catalogue.ts';
import { cachedPath, notFetched, storeOf } from './hub/store.ts';

/** Backbones that felfri brings along; each is loaded when it is opened, since their names are needed without them. */
export const ownBackbones: Readonly<
  Record<'wavelet' | 'scattering' | 'surface', { readonly meaning: string; readonly open: () => Promise<Backbone> }>
> = {
  wavelet: {
    meaning: 'filters made from formulas; no weights',
    open: async () => (await import('./wavelet.ts')).waveletBackbone(),
  },
  scattering: {
    meaning: 'the same filters applied twice; no weights',
    open: async () => (await import('./wavelet.ts')).waveletBackbone({ order: 2 }),
  },
  surface: {
    meaning: 'learned by felfri on simulated surfaces',
    open: async () => (await import('./surface.ts')).surfaceBackbone(),
  },
};

/** A backbone that can be chosen by its name. */
export interface NamedBackbone {
  readonly name: string;
  readonly meaning: string;
  /** Whether a U-Net can take it as its fixed encoder. */
  readonly encoder: boolean;
  /** Null for one that felfri brings along. */
  readonly known: KnownBackbone | null;
}

const brought = Object.entries(ownBackbones).map(
  ([name, { meaning }]): NamedBackbone => ({ name, meaning, encoder: false, known: null }),
);
const fetched = knownBackbones.map(
  (known): NamedBackbone => ({
    name: known.name,
    meaning: `${known.trainedOn}; ${known.megabytes} MB, ${known.licence}`,
    encoder: true,
    known,
  }),
);

/** Every backbone that can be had without a file of one's own. */
export const namedBackbones: readonly NamedBackbone[] = [...brought, ...fetched];

/** What --backbone takes: the named ones, networks whose weights must be given, and ONNX files. */
export const legalBackbones = `${[
  ...new Set([
    ...Object.keys(ownBackbones),
    ...efficientNetVariants.map((variant) => `efficientnet-${variant}`),
    ...fetched.map(({ name }) => name),
  ]),
].join(', ')}, or onnx:FILE`;

/** Whether it can be opened now, without a download; its file is checked when it is opened. */
export function isHere({ known }: NamedBackbone): boolean {
  return known === null || existsSync(cachedPath(storeOf({}), known));
}

/** The named backbone, on this machine. Throws OPTION_INVALID with the legal names, BACKBONE_MISSING where its weights are not fetched. */
export function requireHere(name: string): NamedBackbone {
  const found = namedBackbones.find((one) => one.name === name);
  if (!found) {
    const legal = namedBackbones.map((one) => one.name).join(', ');
    throw new FelfriError('OPTION_INVALID', `there is no backbone ${name}; legal are ${legal}`, {
      subject: 'backbone',
    });
  }
  if (found.known && !isHere(found)) throw notFetched(found.known);
  return found;
}
