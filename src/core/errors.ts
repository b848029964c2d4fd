/**
 * The one error class of felfri. Every message says what was got, what is legal, and what to do about it.
 * Imports nothing; every layer may import it.
 */

/** One row of the table of codes. */
export interface ErrorRow {
  /** The status of the station's answer; 500 says that the fault is the station's own. */
  readonly http: number;
  /** What docs/errors.md repeats. */
  readonly meaning: string;
}

/** Every code that felfri can raise. Codes are stable. */
export const errorCodes = {
  IMAGE_MISSING: { http: 500, meaning: 'the image path does not exist or cannot be opened' },
  IMAGE_IS_DIRECTORY: { http: 422, meaning: 'the image path is a directory' },
  IMAGE_EMPTY: { http: 400, meaning: 'the image file has no bytes' },
  IMAGE_FORMAT: { http: 415, meaning: 'the bytes are not an image format that felfri reads' },
  IMAGE_CORRUPT: { http: 422, meaning: 'the image is truncated or damaged' },
  IMAGE_DEPTH: { http: 422, meaning: 'the image has more bits a channel than the detector was trained on, or fewer' },
  IMAGE_COLOUR: { http: 422, meaning: 'the image has a colour space that felfri does not read' },
  IMAGE_BANDS: { http: 422, meaning: 'the image has bands beyond grey or RGB, and nothing says which count' },
  IMAGE_TRANSPARENT: { http: 422, meaning: 'colours of the image are lost where it is transparent' },
  IMAGE_ANIMATED: { http: 422, meaning: 'the image has more than one frame, or another image behind it' },
  IMAGE_FRAME: { http: 422, meaning: 'the bytes are not a raw frame of the stated size and pixel format' },
  IMAGE_VALUES: { http: 422, meaning: 'the image holds values that are NaN or infinite' },
  IMAGE_TOO_LARGE: { http: 413, meaning: 'the image has more pixels than the limit' },
  IMAGE_REPEATED: {
    http: 422,
    meaning:
      'the picture is that of the part before, byte for byte, so that its camera may be frozen; nothing was decided',
  },
  IMAGE_NAME: { http: 422, meaning: 'the file name is not valid UTF-8' },
  MASK_MISMATCH: { http: 422, meaning: 'a mask differs in size from its image' },
  MASK_EMPTY: { http: 422, meaning: 'the mask of a defective image marks nothing' },
  MASK_UNCLEAR: {
    http: 422,
    meaning: 'a mask cannot be believed: all marked, inverted, too faint, of an unknown frame, or against its label',
  },
  REGIONS_INVALID: {
    http: 422,
    meaning: 'regions are malformed, do not fit the pictures, or leave nearly nothing to be judged',
  },
  ANNOTATION_INVALID: { http: 422, meaning: 'an annotation is malformed, or does not fit its image' },
  ANNOTATION_MISSING: { http: 422, meaning: 'an image among annotated ones that nothing labels' },
  DATASET_MISSING: { http: 500, meaning: 'the data set folder does not exist or cannot be read' },
  DATASET_LAYOUT: { http: 422, meaning: 'the folder matches no layout that felfri recognises' },
  DATASET_MANIFEST: { http: 422, meaning: 'the manifest lacks a column or holds an illegal value' },
  DATASET_LINK: { http: 422, meaning: 'a linked folder is part of the data set already, so it is not listed again' },
  DATASET_WORD: { http: 422, meaning: 'nothing says whether images are good or defective, so they are left out' },
  DATASET_TOO_SMALL: { http: 422, meaning: 'there are too few images of a kind for what was asked' },
  SPLIT_IMPOSSIBLE: { http: 422, meaning: 'the part groups do not allow the split that was asked for' },
  LEAK_FOUND: { http: 422, meaning: 'test images show parts that are also trained on, more than the limit allows' },
  SCORES_INVALID: { http: 422, meaning: 'scores or labels are empty, not finite, or of one class only' },
  SCORE_INVALID: {
    http: 422,
    meaning:
      'a detector gave a score or a map that is not finite, or one was to be judged by such a threshold; nothing was decided',
  },
  INSPECTION_FAILED: {
    http: 500,
    meaning: 'one image could not be inspected for a reason that felfri does not know; the others go on',
  },
  OPTION_INVALID: { http: 400, meaning: 'an option has an illegal value' },
  GRAPH_SHAPE: { http: 500, meaning: 'an operator was given shapes that do not fit' },
  GRAPH_GRADIENT: { http: 500, meaning: 'an operator on the way to a parameter has no gradient' },
  TENSOR_FILE: { http: 422, meaning: 'a file of weights is damaged, or not one that felfri reads' },
  WEIGHTS_MISMATCH: { http: 422, meaning: 'a weights file lacks tensors, has extra ones, or shapes differ' },
  MODEL_INVALID: { http: 422, meaning: 'an ONNX file cannot be used as a backbone' },
  BACKBONE_MISSING: { http: 422, meaning: 'the weights of a backbone are neither given nor in the cache' },
  CACHE_UNWRITABLE: { http: 500, meaning: 'a folder of caches cannot be written' },
  DOWNLOAD_FAILED: { http: 502, meaning: 'a file could not be brought from the hub' },
  DOWNLOAD_CORRUPT: { http: 502, meaning: 'a file is not the one that the hub states or that was pinned' },
  LOCK_MISMATCH: { http: 409, meaning: 'the hub states another file than the one that a lock file pins' },
  LOCK_INVALID: { http: 500, meaning: 'a lock file of backbones is damaged or of an unknown version' },
  OFFLINE: { http: 503, meaning: 'offline mode is on and the cache lacks the file' },
  TELEMETRY_ON: {
    http: 500,
    meaning:
      'felfri was loaded in a worker thread before the main thread could switch the usage data of onnxruntime off',
  },
  DEVICE_MISSING: {
    http: 422,
    meaning: 'the device that is to compute is not on this machine, or onnxruntime cannot use it',
  },
  TRAINING_DIVERGED: { http: 500, meaning: 'the loss is no longer a finite number' },
  CHECKPOINT_INVALID: { http: 422, meaning: 'a checkpoint is damaged or belongs to another run' },
  RUN_EXISTS: { http: 409, meaning: 'the run or bundle folder already holds something else' },
  BUNDLE_INVALID: { http: 422, meaning: 'a bundle is incomplete, altered, or of an unknown schema version' },
  BUNDLE_UNTRUSTED: {
    http: 422,
    meaning: 'no trusted key signed the bundle, only a revoked one did, or it was altered since',
  },
  KEY_INVALID: { http: 422, meaning: 'a key, a revocation, or a folder of trusted keys cannot be used' },
  BUNDLE_MISMATCH: {
    http: 422,
    meaning: 'bundles that are to work together were not trained alike, or not on these images',
  },
  BUNDLE_CLOSED: { http: 503, meaning: 'an image came to an inspector that was closed before' },
  BUNDLE_FAILS: {
    http: 503,
    meaning: "a bundle's model gave no answer in time, or ended its process, thrice in succession",
  },
  BUNDLE_GOLDEN: { http: 422, meaning: 'the bundle does not reproduce its golden outputs on this machine' },
  BACKUP_INVALID: { http: 422, meaning: 'an archive is no backup of a station that felfri made, or is damaged' },
  PATH_UNUSABLE: {
    http: 500,
    meaning: 'the system refuses to read or write a path: no right, a folder that is a file, a read-only disk',
  },
  OUTPUT_EXISTS: { http: 409, meaning: 'a file to be written is there already, and felfri did not write it' },
  DISK_FULL: { http: 507, meaning: 'there was no space left on the disk, or a quota or file size limit was reached' },
  MEMORY_FULL: {
    http: 507,
    meaning: 'the memory that the station may take does not hold what was asked for beside the pictures of its line',
  },
  REQUEST_INVALID: { http: 400, meaning: 'a request to the station is malformed or lacks something' },
  REQUEST_TOO_LARGE: { http: 413, meaning: 'a request to the station has more bytes, parts or fields than the limit' },
  REQUEST_TOO_SLOW: { http: 408, meaning: 'the body of a request came too slowly' },
  RATE_EXCEEDED: { http: 429, meaning: 'one address sent more requests a minute than the station takes' },
  UNAUTHORISED: {
    http: 401,
    meaning: 'the station demands a token, or a name and password, and got none or a wrong one',
  },
  FORBIDDEN: { http: 403, meaning: 'the role of the user does not suffice' },
  ORIGIN_REFUSED: { http: 403, meaning: 'a request came for another host name, or from the page of another site' },
  NOT_FOUND: { http: 404, meaning: 'the station has nothing of that address or id' },
  CONFLICT: { http: 409, meaning: 'the request contradicts what is recorded, or was changed meanwhile' },
  PRODUCT_UNKNOWN: {
    http: 422,
    meaning: 'no recipe is set for the product code of an image, or it names none where products are told apart',
  },
  NO_RECIPE: { http: 409, meaning: 'the station has no active recipe to inspect by' },
  RECIPE_UNRELEASED: {
    http: 409,
    meaning: 'the station asks for releases of recipes, and this one is not released, or was changed since',
  },
  SIGNATURE_REFUSED: {
    http: 403,
    meaning:
      'a release is signed by a person who is signed in and gives the password again, and not by who may not be the second',
  },
  TOO_BUSY: { http: 503, meaning: 'the queue of the station is full, or it is stopping; try again later' },
  TOO_LATE: { http: 504, meaning: 'the station did not decide on an image in time, or its sender went away before' },
  PROCESS_ENDED: {
    http: 503,
    meaning: 'the process that worked on an image ended or gave no answer in time; another takes its place: try again',
  },
  STATION_FAILED: { http: 500, meaning: 'the station met an error of its own; its log has more' },
  ADDRESS_TAKEN: { http: 500, meaning: 'the station cannot listen on that address' },
  FOLDER_IN_USE: { http: 409, meaning: 'another station works on that data folder' },
  DATABASE_IN_USE: { http: 503, meaning: 'another station works on that PostgreSQL database' },
  RECORDS_UNAVAILABLE: { http: 503, meaning: 'the records of the station cannot be opened or reached' },
  RECORDS_NEWER: { http: 500, meaning: 'the records belong to a newer felfri, and were not changed' },
  RECORDS_OLDER: {
    http: 500,
    meaning: 'the records belong to an older felfri, and are upgraded at the start of a station alone',
  },
  AUDIT_BROKEN: { http: 500, meaning: 'the audit log was altered: its chain of hashes does not hold' },
  RECORDS_ALTERED: {
    http: 500,
    meaning: 'records or users are not what the station wrote: they were changed in the database',
  },
  CLOCK_LEAPT: { http: 500, meaning: 'the clock of the system leapt ahead, so that nothing is removed for its age' },
  CLOCK_STEPPED: { http: 500, meaning: 'the clock of the system was set, or the machine stood still' },
  CLOCK_DIFFERS: { http: 500, meaning: "the clocks of the station and of its database's server are apart" },
  DISK_FILLING: { http: 507, meaning: 'the disk of the data folder will soon be full' },
  CERTIFICATE_ENDS: { http: 500, meaning: 'a certificate of the station soon runs out, did so, or is not valid yet' },
  DRIFT: {
    http: 500,
    meaning:
      'parts or pictures are not like those that were learned: light, lens, position, tool or material has changed',
  },
  DRIFT_LOST: {
    http: 500,
    meaning: 'a file of what was learned for drift, or of reference parts, is damaged; it was set aside',
  },
  REFERENCE: {
    http: 500,
    meaning:
      'a reference part is overdue or comes too often, was decided on wrongly, or has a score outside of its limits',
  },
  LINE_INVALID: { http: 422, meaning: 'the file that names the sources and outputs of a line cannot be used' },
  LINE_UNDELIVERED: { http: 502, meaning: 'an output of the line does not take parts, or nobody reads them there' },
  LINE_BACKLOG: { http: 500, meaning: 'more parts wait for an output of the line than should' },
  LINE_LOST: {
    http: 500,
    meaning: 'an output of the line was not given parts, which were too many or too old for it; they are on record',
  },
  LINE_LATE: {
    http: 504,
    meaning: 'a part had no decision within the time that the line allows; it was not inspected',
  },
  SOURCE_LOST: { http: 502, meaning: 'a source of the line gives no images, or cannot be reached' },
  SOURCE_NAME: { http: 422, meaning: 'the name of a file does not say what the source is told that names say' },
  SOURCE_IMAGES: { http: 500, meaning: 'a source of the line has images that could not be inspected' },
  AUDIT_UNNOTED: { http: 500, meaning: 'the head of the audit log could not be noted outside of the records' },
  APPRAISALS_INVALID: {
    http: 422,
    meaning: 'a study of decisions lacks a column, a decision or a reference, or holds an illegal value',
  },
  PRESENTED_TWICE: {
    http: 422,
    meaning: 'a study of decisions holds one picture as two presentations, which repeats nothing',
  },
  INTERRUPTED: { http: 503, meaning: 'the run was stopped by the user and can be resumed' },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorCodes;

/** An error with a stable code. `subject` names the file or option it is about, when there is one. */
export class FelfriError extends Error {
  readonly code: ErrorCode;
  readonly subject: string | undefined;

  constructor(code: ErrorCode, message: string, options: { subject?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'FelfriError';
    this.code = code;
    this.subject = options.subject;
  }

  toJSON(): { code: ErrorCode; message: string; subject?: string } {
    return this.subject === undefined
      ? { code: this.code, message: this.message }
      : { code: this.code, message: this.message, subject: this.subject };
  }
}
