/** What is put on record of parts and recipes when they are new; the rest the records themselves know. */
import type { Inspection } from '../contract/inspections.ts';
import type { NotInspected } from '../contract/not-inspected.ts';
import type { Recipe } from '../contract/recipes.ts';

export type NewInspection = Omit<Inspection, 'feedback'>;

export type NewNotInspected = Omit<NotInspected, 'decidedAs'>;

export type NewRecipe = Omit<Recipe, 'revision' | 'active'>;
