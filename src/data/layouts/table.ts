/**
 * The layouts that folders tell by themselves, in the order in which they are tried. A new one is a row here; errors, documents and
 * a test read the table.
 */
import type { Listing } from '../listing.ts';
import { isDagm, readDagm } from './dagm.ts';
import { isGoodDefective, readGoodDefective } from './good-defective.ts';
import type { FolderLayout } from './layout.ts';
import { hasMasksAlone, readMasksAlone } from './masks-alone.ts';
import { hasGoodSide, readSides } from './sides.ts';
import { isVisa, readVisa } from './visa.ts';

const anyFolder = ({ folders }: Listing, pattern: RegExp): boolean => folders.some((folder) => pattern.test(folder));

export type FolderLayoutName =
  | 'mvtec-ad2'
  | 'mvtec-3d'
  | 'mvtec-loco'
  | 'mvtec'
  | 'visa'
  | 'real-iad'
  | 'good-defective'
  | 'dagm'
  | 'masks-beside';

export const folderLayouts: Readonly<Record<FolderLayoutName, FolderLayout>> = {
  'mvtec-ad2': {
    title: 'MVTec AD 2',
    folders: 'train/good, validation/good, test_public/{good,bad}, test_public/ground_truth/bad/X_mask.png',
    example: [
      'train/good/000_regular.png',
      'validation/good/000_regular.png',
      'test_public/good/000_regular.png',
      'test_public/bad/001_regular.png',
      'test_public/ground_truth/bad/001_regular_mask.png',
    ],
    leavesUnsaid: false,
    recognise: (listing) => hasGoodSide(listing) && anyFolder(listing, /^test_public\//i),
    read: readSides,
  },
  'mvtec-3d': {
    title: 'MVTec 3D-AD, its photographs',
    folders: 'train/good/rgb, test/<class>/rgb, test/<class>/gt; xyz/ is not used',
    example: ['train/good/rgb/000.png', 'test/good/rgb/000.png', 'test/dent/rgb/000.png', 'test/dent/gt/000.png'],
    leavesUnsaid: false,
    recognise: (listing) => hasGoodSide(listing) && anyFolder(listing, /^[^/]+\/[^/]+\/rgb$/i),
    read: readSides,
  },
  'mvtec-loco': {
    title: 'MVTec LOCO AD',
    folders:
      'train/good, validation/good, test/{good,logical_anomalies,...}, ground_truth/<class>/X/ with a mask a defect, united',
    example: [
      'train/good/000.png',
      'validation/good/000.png',
      'test/good/000.png',
      'test/logical_anomalies/000.png',
      'ground_truth/logical_anomalies/000/000.png',
      'ground_truth/logical_anomalies/000/001.png',
    ],
    leavesUnsaid: false,
    recognise: (listing) => hasGoodSide(listing) && anyFolder(listing, /^[^/]+\/(logical|structural)_anomalies$/i),
    read: readSides,
  },
  mvtec: {
    title: 'MVTec AD; BTAD (ok and ko); VisA as its authors convert it',
    folders: 'train/good, test/good and test/<class>, perhaps ground_truth/<class>/X_mask.png',
    example: ['train/ok/0000.bmp', 'test/ok/0001.bmp', 'test/ko/0002.bmp', 'ground_truth/ko/0002.png'],
    leavesUnsaid: false,
    recognise: hasGoodSide,
    read: readSides,
  },
  visa: {
    title: 'VisA as it comes, one object',
    folders: 'Data/Images/{Normal,Anomaly}, Data/Masks/Anomaly',
    example: ['Data/Images/Normal/0000.JPG', 'Data/Images/Anomaly/000.JPG', 'Data/Masks/Anomaly/000.png'],
    leavesUnsaid: false,
    recognise: isVisa,
    read: readVisa,
  },
  'real-iad': {
    title: 'Real-IAD, one object',
    folders: 'OK/S0001/*.jpg, NG/<class>/S0001/*.jpg with masks beside them (X.png or X_mask.png); a sample is a part',
    example: [
      'OK/S0001/cap_0001_OK_C1.jpg',
      'NG/AK/S0001/cap_0001_NG_AK_C1.jpg',
      'NG/AK/S0001/cap_0001_NG_AK_C1.png',
      'NG/HS/S0002/cap_0002_NG_HS_C1.jpg',
      'NG/HS/S0002/cap_0002_NG_HS_C1_mask.png',
    ],
    leavesUnsaid: false,
    recognise: (listing) => isGoodDefective(listing) && anyFolder(listing, /^[^/]+\/S\d+$/),
    read: (root, listing) => readGoodDefective(root, listing, true),
  },
  'good-defective': {
    title: 'folders made by hand',
    folders:
      'good/ and defective/ (or ok/ng, iO/niO, gut/schlecht, ...) or folders called by a defect, perhaps masks/, or masks beside the images',
    example: ['good/1.png', 'defective/dent/2.png', 'masks/dent/2.png', 'scratch/3.png', 'scratch/3_GT.png'],
    leavesUnsaid: false,
    recognise: isGoodDefective,
    read: (root, listing) => readGoodDefective(root, listing),
  },
  dagm: {
    title: 'DAGM 2007, one class',
    folders: 'Train/*.PNG and Test/*.PNG, Label/ in each with a mask for every defective image',
    example: ['Train/0001.PNG', 'Train/0576.PNG', 'Train/Label/0576_label.PNG', 'Test/0002.PNG'],
    leavesUnsaid: false,
    recognise: isDagm,
    read: readDagm,
  },
  'masks-beside': {
    title: 'KolektorSDD and SDD2; images/ and masks/: masks alone say what is good',
    folders:
      'X.png and X_GT.png (or X_label, X_mask) beside it, in any folders, or masks in a folder called so; what the mask marks nothing of is good',
    example: ['train/10000.png', 'train/10000_GT.png', 'test/images/20000.png', 'test/masks/20000.png'],
    leavesUnsaid: true,
    recognise: hasMasksAlone,
    read: readMasksAlone,
  },
};

/** The first row that recognises a folder. */
export function folderLayoutOf(listing: Listing): FolderLayoutName | undefined {
  return (Object.keys(folderLayouts) as FolderLayoutName[]).find((name) => folderLayouts[name].recognise(listing));
}
