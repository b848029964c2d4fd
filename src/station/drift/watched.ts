/** What of an inspection is watched beside its record. */
import type { PictureStatistics } from '../../data/image/picture-statistics.ts';
import type { NewInspection } from '../records/new-records.ts';

export interface Watched {
  /** The camera: the source of the line, with its view where it has several; 'HTTP' for images that were sent. */
  readonly source: string;
  readonly recipeName: string;
  readonly statistics: PictureStatistics;
}

export interface WatchedInspection extends Watched {
  readonly inspection: NewInspection;
}
