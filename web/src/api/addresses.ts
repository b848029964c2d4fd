/** Where pictures are found. */
import { addressOf } from '../../../src/station/client/connection.ts';

/** `longest`: no side of the copy has more pixels; left out, the image as it came. */
export const imageAddress = (id: string, longest?: number) =>
  addressOf('getInspectionImage', { params: { id }, query: { longest } });

export const mapAddress = (id: string, longest?: number) =>
  addressOf('getInspectionMap', { params: { id }, query: { longest } });

/** The detector of a recipe, for this browser to run. */
export const modelAddress = (recipe: string) => addressOf('getRecipeModel', { params: { id: recipe } });

export const eventsAddress = addressOf('listenToEvents', {});
