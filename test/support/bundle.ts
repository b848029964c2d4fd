/** A small bundle with random weights, for tests of what is done with bundles. */
import { type BundleManifest, SCHEMA_VERSION } from '../../src/bundle/schema.ts';
import { writeBundle } from '../../src/bundle/write.ts';
import { decodeImage } from '../../src/data/image/decode.ts';
import type { DetectorName } from '../../src/detectors/table.ts';
import { smallFlow } from '../detectors.ts';
import { plainPng } from './folder.ts';

/** What a bundle of a small detector says of itself: no threshold, learned from nothing. */
export const madeFacts = (detector: DetectorName): Omit<BundleManifest, 'files'> => ({
  schema: SCHEMA_VERSION,
  detector,
  created: '2026-01-01T00:00:00Z',
  canvas: { height: 64, width: 96, fit: 'letterbox' },
  settings: {},
  backbone: null,
  threshold: null,
  mapRange: { low: 0, high: 1 },
  evaluation: null,
  data: {
    name: 'made',
    hash: '0'.repeat(64),
    split: 'none',
    protocol: 'honest',
    images: { train: 0, calibration: 0, test: 0 },
    partGroups: '',
  },
  training: {},
  software: {},
});

/** Writes a flow with one golden image and no threshold. */
export async function writeSmallFlow(directory: string): Promise<void> {
  await writeBundle(directory, smallFlow(), [await decodeImage(await plainPng(90, 96, 64), 'grey')], madeFacts('flow'));
}
