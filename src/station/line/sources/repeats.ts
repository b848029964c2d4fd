/** Pictures that a source gives again for another part: the noise of a camera never comes twice, so that one of these is frozen. */
import { FelfriError } from '../../../core/errors.ts';

export class Repeats {
  #last: { readonly resultId: string; readonly hash: string } | null = null;

  /** Throws IMAGE_REPEATED where the picture before had the same hash and is another image. */
  look(resultId: string, hash: string): void {
    const last = this.#last;
    if (last?.hash === hash && last.resultId !== resultId)
      throw new FelfriError(
        'IMAGE_REPEATED',
        `it is the picture of ${last.resultId} again, byte for byte: look whether the camera is frozen`,
        { subject: resultId },
      );
    this.#last = { resultId, hash };
  }
}
