/** Works one after another, such as changes of the same things; one that fails does not stop the next. */
export class InTurn {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Resolves when those that were begun have ended, however they ended. */
  async rest(): Promise<void> {
    await this.#last;
  }
}
