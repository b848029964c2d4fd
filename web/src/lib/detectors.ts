/** What detectors are called. */
import type { DetectorName } from '../../../src/detectors/table.ts';

const titles: Readonly<Record<DetectorName, string>> = { flow: 'flow', unet: 'U-Net', fusion: 'fusion' };

/** As it stands in a sentence; the name itself where it is of a station that knows more detectors. */
export const titleOf = (detector: string): string => (titles as Readonly<Record<string, string>>)[detector] ?? detector;

/** As it begins a line. */
export const capital = (title: string): string => title.slice(0, 1).toUpperCase() + title.slice(1);
