/** What is made of chosen or dropped files: images, what their folders say of them, and the masks that belong to them. Knows no browser. */
import { isGoodName, isMaskName, saysDefective, sideOf } from '../../../../src/data/layouts/words.ts';
import type { Label } from '../../api/contract.ts';

/** A file with its path below what was chosen, such as `plate/good/1.png`; its name alone where no folder was. */
export interface SentFile {
  readonly path: string;
  readonly file: File;
}

/** What is said of all: what their folders' names say, or one label for each. */
export type SentAs = 'folders' | Label | 'none';

export interface PlannedImage {
  readonly name: string;
  readonly file: File;
  readonly label?: Label;
  /** Of a defect, where a folder names one. */
  readonly className?: string;
  readonly mask?: File;
}

export interface UploadPlan {
  readonly images: readonly PlannedImage[];
  /** Masks of which no image, or more than one, could be meant. */
  readonly unmatched: readonly string[];
}

const MASK_END = /[_-](mask|gt|label|seg)$/i;

interface Place {
  readonly path: string;
  readonly file: File;
  readonly folders: readonly string[];
  /** The name without its ending, and without what marks a mask's. */
  readonly stem: string;
  readonly isMask: boolean;
}

function placeOf({ path, file }: SentFile): Place {
  const words = path.split('/');
  const folders = words.slice(0, -1);
  const name = words.at(-1)!.replace(/\.[^.]+$/, '');
  const isMask = folders.some(isMaskName) || MASK_END.test(name);
  return { path, file, folders, stem: isMask ? name.replace(MASK_END, '') : name, isMask };
}

/** The nearest folder that is no folder of masks. */
const nearest = ({ folders }: Place): string | undefined => folders.findLast((folder) => !isMaskName(folder));

/** By words, the nearest folder first; a folder beside one of good parts is a class of defect, whatever it is called. */
function saidBy({ folders }: Place, besideGood: ReadonlySet<string>): Pick<PlannedImage, 'label' | 'className'> {
  for (let depth = folders.length; depth > 0; depth--) {
    const folder = folders[depth - 1]!;
    if (isGoodName(folder)) return { label: 'good' };
    const isClass = besideGood.has(folders.slice(0, depth - 1).join('/')) && sideOf(folder) === undefined;
    if (!saysDefective(folder) && !isClass) continue;
    return /^(defect|defective|ng|bad)s?$/i.test(folder)
      ? { label: 'defective' }
      : { label: 'defective', className: folder.slice(0, 50) };
  }
  return {};
}

const given = (as: Exclude<SentAs, 'folders'>): Pick<PlannedImage, 'label'> => (as === 'none' ? {} : { label: as });

export function planUpload(files: readonly SentFile[], as: SentAs): UploadPlan {
  const places = files.filter(({ path }) => !/(^|\/)\./.test(path)).map(placeOf);
  const images = places.filter(({ isMask }) => !isMask);
  const besideGood = new Set(
    images.flatMap(({ folders }) =>
      folders.flatMap((folder, i) => (isGoodName(folder) ? [folders.slice(0, i).join('/')] : [])),
    ),
  );
  const masks = new Map<Place, File>();
  const unmatched: string[] = [];
  for (const mask of places.filter(({ isMask }) => isMask)) {
    const named = images.filter(({ stem }) => stem === mask.stem);
    // names such as 000.png are there again in each class
    const near = named.filter((image) => nearest(image) === nearest(mask));
    const [image, ...others] = near.length > 0 ? near : named;
    if (!image || others.length > 0 || masks.has(image)) unmatched.push(mask.path);
    else masks.set(image, mask.file);
  }
  // the folder that all lie in says nothing
  const roots = new Set(places.map(({ folders }) => folders[0]));
  const drop = roots.size === 1 && !roots.has(undefined) ? 1 : 0;
  return {
    images: images.map((place) => {
      const mask = masks.get(place);
      const said = as === 'folders' ? saidBy(place, besideGood) : given(as);
      const name = place.path.split('/').slice(drop).join('/');
      return { name: name.slice(-200), file: place.file, ...said, ...(mask && said.label !== 'good' && { mask }) };
    }),
    unmatched,
  };
}
