/**
 * The one error class of felfri. Every message says what was got, what is legal, and what to do about it.
 * Imports nothing; every layer may import it.
 */

/** Every code that felfri can raise, with the meaning that docs/errors.md repeats. Codes are stable. */
export const errorCodes = {
  IMAGE_MISSING: 'the image path does not exist or cannot be opened',
  IMAGE_IS_DIRECTORY: 'the image path is a directory',
  IMAGE_EMPTY: 'the image file has no bytes',
  IMAGE_FORMAT: 'the bytes are not an image format that felfri reads',
  IMAGE_CORRUPT: 'the image is truncated or damaged',
  IMAGE_DEPTH: 'the image has more than 8 bits per channel',
  IMAGE_COLOUR: 'the image has a colour space that felfri does not read',
  IMAGE_ANIMATED: 'the image has more than one frame',
  IMAGE_TOO_LARGE: 'the image has more pixels than the limit',
  IMAGE_NAME: 'the file name is not valid UTF-8',
  MASK_MISMATCH: 'a mask differs in size from its image',
  DATASET_MISSING: 'the data set folder does not exist or cannot be read',
  DATASET_LAYOUT: 'the folder matches no layout that felfri recognises',
  DATASET_MANIFEST: 'the manifest lacks a column or holds an illegal value',
  DATASET_TOO_SMALL: 'there are too few images of a kind for what was asked',
  SPLIT_IMPOSSIBLE: 'the part groups do not allow the split that was asked for',
  LEAK_FOUND: 'test images show parts that are also trained on, more than the limit allows',
  SCORES_INVALID: 'scores or labels are empty, not finite, or of one class only',
  OPTION_INVALID: 'an option has an illegal value',
  GRAPH_SHAPE: 'an operator was given shapes that do not fit',
  GRAPH_GRADIENT: 'an operator on the way to a parameter has no gradient',
  TENSOR_FILE: 'a safetensors file is damaged or not one',
  WEIGHTS_MISMATCH: 'a weights file lacks tensors, has extra ones, or shapes differ',
  MODEL_INVALID: 'an ONNX file cannot be used as a backbone',
  BACKBONE_MISSING: 'the weights of a backbone are neither given nor in the cache',
  CACHE_UNWRITABLE: 'a folder of caches cannot be written',
  DOWNLOAD_FAILED: 'a file could not be brought from the hub',
  DOWNLOAD_CORRUPT: 'a file is not the one that the hub states or that was pinned',
  LOCK_MISMATCH: 'the hub states another file than the one that a lock file pins',
  LOCK_INVALID: 'a lock file of backbones is damaged or of an unknown version',
  OFFLINE: 'offline mode is on and the cache lacks the file',
  DEVICE_MISSING: 'the device that is to compute is not on this machine, or onnxruntime cannot use it',
  TRAINING_DIVERGED: 'the loss is no longer a finite number',
  CHECKPOINT_INVALID: 'a checkpoint is damaged or belongs to another run',
  RUN_EXISTS: 'the run or bundle folder already holds something else',
  BUNDLE_INVALID: 'a bundle is incomplete, altered, or of an unknown schema version',
  BUNDLE_MISMATCH: 'bundles that are to work together were not trained alike, or not on these images',
  BUNDLE_GOLDEN: 'the bundle does not reproduce its golden outputs on this machine',
  DISK_FULL: 'there was no space left on the disk, or a quota or file size limit was reached',
  REQUEST_INVALID: 'a request to the station is malformed or lacks something',
  REQUEST_TOO_LARGE: 'a request to the station has more bytes, parts or fields than the limit',
  RATE_EXCEEDED: 'one address sent more requests a minute than the station takes',
  UNAUTHORISED: 'the station demands a token, or a name and password, and got none or a wrong one',
  FORBIDDEN: 'the role of the user does not suffice',
  ORIGIN_REFUSED: 'a request came for another host name, or from the page of another site',
  NOT_FOUND: 'the station has nothing of that address or id',
  CONFLICT: 'the request contradicts what is recorded, or was changed meanwhile',
  NO_RECIPE: 'the station has no active recipe to inspect by',
  TOO_BUSY: 'the queue of the station is full, or it is stopping; try again later',
  STATION_FAILED: 'the station met an error of its own; its log has more',
  ADDRESS_TAKEN: 'the station cannot listen on that address',
  RECORDS_UNAVAILABLE: 'the records of the station cannot be opened or reached',
  AUDIT_BROKEN: 'the audit log was altered: its chain of hashes does not hold',
  INTERRUPTED: 'the run was stopped by the user and can be resumed',
} as const;

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
