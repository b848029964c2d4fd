/** Images that were picked together, to be labelled or taken out at once. */
import { SvelteSet } from 'svelte/reactivity';
import type { DataSetImage } from '../../api/contract.ts';

export class Selection {
  readonly #hashes = new SvelteSet<string>();
  /** From which a range goes. */
  #last: string | undefined;

  get size(): number {
    return this.#hashes.size;
  }

  has(hash: string): boolean {
    return this.#hashes.has(hash);
  }

  /** Of those that are listed: what was taken out meanwhile is nobody's. */
  among(images: readonly DataSetImage[]): DataSetImage[] {
    return images.filter(({ hash }) => this.#hashes.has(hash));
  }

  /** Takes one in or out; with `through`, all from the one before it in the list as shown. */
  toggle(hash: string, shown: readonly DataSetImage[], through = false): void {
    const wanted = !this.#hashes.has(hash);
    const [from, to] = [this.#last, hash].map((one) => shown.findIndex((image) => image.hash === one)) as [
      number,
      number,
    ];
    const range = through && from >= 0 && to >= 0 ? shown.slice(Math.min(from, to), Math.max(from, to) + 1) : [];
    for (const one of [hash, ...range.map((image) => image.hash)]) {
      if (wanted) this.#hashes.add(one);
      else this.#hashes.delete(one);
    }
    this.#last = hash;
  }

  all(images: readonly DataSetImage[]): void {
    for (const { hash } of images) this.#hashes.add(hash);
  }

  clear(): void {
    this.#hashes.clear();
    this.#last = undefined;
  }
}
