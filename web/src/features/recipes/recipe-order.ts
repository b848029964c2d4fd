/** Recipes as lists show them. */
import type { Recipe } from '../../api/contract.ts';

export const activeFirst = (recipes: readonly Recipe[]): readonly Recipe[] =>
  [...recipes].sort((a, b) => Number(b.active) - Number(a.active));
