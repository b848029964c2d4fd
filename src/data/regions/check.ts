/** Regions that come from outside, checked: what marks nothing, or leaves nothing to judge, is refused. */
import { FelfriError } from '../../core/errors.ts';
import { Value } from '../../core/schema.ts';
import { hasProportions, inspectedRegions, shapeMask, shownOn, tolerances } from './raster.ts';
import { type Region, Regions } from './schema.ts';
import { faultOf } from './shapes.ts';

export const regionsInvalid = (subject: string, why: string, cause?: unknown): FelfriError =>
  new FelfriError('REGIONS_INVALID', `${subject}: ${why}`, { subject, cause });

/** Characters that end a line or turn the direction of writing, by which a name would be shown as another. */
const unprintable = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

function faultOfRegion({ kind, shape, tolerance }: Region): string | null {
  if (kind === 'ignore' && tolerance !== undefined) return 'what is ignored has no tolerance';
  return faultOf(shape);
}

/**
 * The regions that some parsed JSON holds; `picture` is the size of the pictures that they are for. Where the JSON states no `aspect` theirs is
 * taken. Throws REGIONS_INVALID that names the first fault.
 */
export function checkRegions(
  json: unknown,
  subject: string,
  picture?: { readonly width: number; readonly height: number },
): Regions {
  const stated = (json as { aspect?: unknown } | null)?.aspect;
  const given =
    stated === undefined && picture && typeof json === 'object'
      ? { aspect: picture.width / picture.height, ...json }
      : json;
  if (!Value.Check(Regions, given)) {
    const [first] = Value.Errors(Regions, given);
    throw regionsInvalid(
      subject,
      `${first?.instancePath || '/'} ${first?.message ?? 'does not fit'}; see docs/regions.md`,
    );
  }
  const names = new Set<string>();
  for (const region of given.regions) {
    const { name } = region;
    if (unprintable.test(name) || name.trim() === '')
      throw regionsInvalid(subject, 'the name of a region is not one line of text');
    if (names.has(name)) throw regionsInvalid(subject, `two regions are called ${name}; give each a name of its own`);
    names.add(name);
    const fault = faultOfRegion(region);
    if (fault !== null) throw regionsInvalid(subject, `region ${name}: ${fault}`);
  }
  if (picture && !hasProportions(given, picture)) {
    throw regionsInvalid(
      subject,
      `the regions were drawn on a picture of proportions ${given.aspect.toFixed(3)}, these are ${picture.width} x ${picture.height} (${(picture.width / picture.height).toFixed(3)}); draw them on such a picture`,
    );
  }
  return given;
}

/** Fewer pixels of the canvas show no defect. */
const LEAST_PIXELS = 16;
/** Of the picture, at least. */
const LEAST_SHARE = 0.001;

/**
 * Throws REGIONS_INVALID where a region covers nearly nothing of what a detector sees, or where nearly nothing is left to be judged, so that a
 * slip of the hand never makes everything OK.
 */
export function requireUseful(
  regions: Regions,
  canvas: { readonly height: number; readonly width: number; readonly fit: 'stretch' | 'letterbox' },
  subject = 'regions',
): void {
  const grid = shownOn(canvas, regions.aspect);
  const values = tolerances(regions, grid);
  const judged = values.reduce((n, v) => n + (v > 0 ? 1 : 0), 0);
  const size = `of a canvas of ${canvas.height} x ${canvas.width}`;
  if (judged < Math.max(LEAST_PIXELS, LEAST_SHARE * values.length)) {
    throw regionsInvalid(
      subject,
      `they leave ${judged} pixels ${size} to be judged; legal are ${LEAST_PIXELS} and a thousandth of the picture: ignore less`,
    );
  }
  for (const { name, shape } of inspectedRegions(regions)) {
    const mask = shapeMask(shape, regions.aspect, grid);
    const left = mask.reduce((n, v, i) => n + (v === 1 && values[i]! > 0 ? 1 : 0), 0);
    if (left >= LEAST_PIXELS) continue;
    throw regionsInvalid(
      subject,
      `region ${name} has ${left} pixels ${size} that are judged; legal are ${LEAST_PIXELS}: draw it larger, ignore less of it, or take a larger canvas (--size)`,
    );
  }
}
