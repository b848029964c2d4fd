/** Every family of procedural surface by its name. */
import { fibres, grains, pores } from './cells.ts';
import { leaves } from './leaves.ts';
import { bands, brushed, cloud, ridges, speckle, terraces, veins } from './noises.ts';
import { bricks, dots, grid, stripes, turning, weave } from './patterns.ts';
import type { Family } from './texture.ts';

export const families = {
  cloud,
  brushed,
  ridges,
  terraces,
  speckle,
  veins,
  bands,
  grains,
  pores,
  fibres,
  leaves,
  stripes,
  grid,
  weave,
  turning,
  bricks,
  dots,
} satisfies Record<string, Family>;

export type FamilyName = keyof typeof families;

export const familyNames = Object.keys(families) as FamilyName[];
