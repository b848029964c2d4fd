/** What a station is opened with. */
import type { ReleasePolicy } from './contract/releases.ts';
import type { StorePolicy } from './contract/station.ts';
import type { QueueSettings } from './inspecting/inspection-queue.ts';
import type { RecordsPlace } from './records/open-records.ts';
import type { Records } from './records/records.ts';
import type { RetentionLimits } from './retention/retention.ts';
import type { TrainCommand } from './training/process.ts';

export interface StationSettings {
  /** Of everything that is kept in files. */
  readonly folder: string;
  readonly records: RecordsPlace;
  readonly store: StorePolicy;
  /** What it is said to keep; who opens the station runs it. Left out: everything, for ever. */
  readonly retention?: RetentionLimits;
  readonly queue: QueueSettings;
  /** Most pixels of an image, refused from its header. */
  readonly maxPixels: number;
  /** In which an image must be decided on once it has come; 30 unless told. */
  readonly decideSeconds?: number;
  /** In which a shadow must judge a part before it is ended; 300 unless told. */
  readonly shadowSeconds?: number;
  /** After which a page shows a decision as an old one; 30 unless told. */
  readonly showSeconds?: number;
  /** Looks at the records before anything else is opened or changed; what it throws ends the start. */
  readonly admit?: (records: Records) => Promise<void>;
  /** Folder of the keys by which bundles must be signed; left out: any bundle is taken. */
  readonly trustedKeys?: string;
  /** Upgrades records of an older felfri without a copy of before. */
  readonly upgradeWithoutCopy?: boolean;
  /** Whether recipes must be released before they judge; `none` unless told. */
  readonly release?: ReleasePolicy;
  readonly train: TrainCommand;
  /** Where `felfri compare` leaves its folders; left out: `comparisons` in the data folder. */
  readonly comparisons?: string;
}
