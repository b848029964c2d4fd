/** Pauses between looks and tries, which end at once when all ends. */
export class Rest {
  #isOver = false;
  #wake = (): void => undefined;

  async for(millis: number): Promise<void> {
    if (this.#isOver) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, millis);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  end(): void {
    this.#isOver = true;
    this.#wake();
  }
}
