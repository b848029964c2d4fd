/** What is asked of bundles and thresholds before they go on record. */
import { FelfriError } from '../../core/errors.ts';
import { newId } from '../ids.ts';
import type { InspectionQueue } from '../inspecting/inspection-queue.ts';
import type { Change } from '../records/change.ts';
import type { NewRecipe } from '../records/new-records.ts';
import { recipeOfBundle } from './recipe-bundles.ts';
import type { Trust } from './trust.ts';

/** A recipe of a received folder, once that opens and replays its golden images. Throws BUNDLE_ codes and KEY_INVALID. */
export async function checkedRecipe(
  { trust, queue }: { readonly trust: Trust; readonly queue: InspectionQueue },
  received: string,
  name: string,
  { at }: Change,
): Promise<NewRecipe> {
  // before its model is run at all
  const signedBy = await trust.signersOf(received);
  const checked = await queue.beside.check(received);
  return recipeOfBundle(newId(), name, checked, { at, signedBy });
}

/** Throws OPTION_INVALID unless REVIEW is not above NG. */
export function requireOrder(ng: number, review: number | null): void {
  if (review === null || review <= ng) return;
  const message = `got ${review} for REVIEW and ${ng} for NG; REVIEW must not be above NG`;
  throw new FelfriError('OPTION_INVALID', message, { subject: 'review' });
}
