/** A float32 tensor that stays on its device between runs: fed to sessions there, read by nobody, released by whoever holds it. */
export class Kept {
  #native: { dispose(): void } | undefined;

  /** What the runtime gave: it alone looks inside. */
  constructor(native: { dispose(): void }) {
    this.#native = native;
  }

  /** What is fed. Throws once released: onnxruntime would end the process over it. */
  get native(): object {
    if (!this.#native) throw new Error('a tensor was fed after its release');
    return this.#native;
  }

  /** Gives the memory back; a second time does nothing. */
  release(): void {
    this.#native?.dispose();
    this.#native = undefined;
  }
}
