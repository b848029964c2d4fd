import { FelfriError } from '../../core/errors.ts';

/** One after another, for none of whom the wait is without an end. */
export class Turn {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when it is one's turn, with what ends it. Throws RECORDS_UNAVAILABLE where that takes too long: a lock is waited for once. */
  async take(limitMillis: number): Promise<() => void> {
    const former = this.#last;
    let end = (): void => undefined;
    this.#last = new Promise((resolve) => {
      end = resolve;
    });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, limitMillis, 'late');
    });
    const how = await Promise.race([former, late]);
    clearTimeout(timer);
    if (how !== 'late') return end;
    void former.then(end);
    throw new FelfriError('RECORDS_UNAVAILABLE', 'those who came before still wait for the records; try again');
  }
}
