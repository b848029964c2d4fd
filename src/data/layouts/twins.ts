/** A PNG beside a JPEG of the same name: the mask of the photograph, or a copy of it. */
import type { Problem } from '../listing.ts';
import { folded } from '../spelling.ts';
import { stem } from './layout.ts';

/** Such PNGs by their JPEG. */
export function twinsOf(images: readonly string[]): Map<string, string> {
  const photographs = new Map(
    images.filter((path) => /\.(jpe?g|jfif)$/i.test(path)).map((path) => [folded(stem(path)), path]),
  );
  return new Map(
    images.flatMap((path) => {
      const photograph = /\.png$/i.test(path) ? photographs.get(folded(stem(path))) : undefined;
      return photograph === undefined ? [] : [[photograph, path] as const];
    }),
  );
}

/** Where nothing tells which of the two they are, they are left out: a mask would count as a part, a copy as a second one. */
export function twinProblems(twins: ReadonlyMap<string, string>): Problem[] {
  if (twins.size === 0) return [];
  const [[photograph, twin]] = [...twins] as [[string, string]];
  const images = [...twins.values()];
  const message = `${images.length} PNG file${images.length === 1 ? '' : 's'} beside a JPEG of the same name (${twin} beside ${photograph}): nothing tells masks from copies, so they are not used; call masks X_mask.png, and photographs of other parts otherwise`;
  return [{ name: twin, code: 'DATASET_WORD', message, images }];
}
