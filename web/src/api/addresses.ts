/** Where pictures are found. */

/** `longest`: no side of the copy has more pixels; left out, the image as it came. */
export function imageAddress(id: string, longest?: number): string {
  return `/api/inspections/${encodeURIComponent(id)}/image${longest ? `?longest=${longest}` : ''}`;
}

export function mapAddress(id: string, longest?: number): string {
  return `/api/inspections/${encodeURIComponent(id)}/map${longest ? `?longest=${longest}` : ''}`;
}

/** The detector of a recipe, for this browser to run. */
export function modelAddress(recipe: string): string {
  return `/api/recipes/${encodeURIComponent(recipe)}/model`;
}
