/** An image of a data set that is drawn on: tool, brush, what can be taken back, and what is not saved yet. */
import type { DataSetImage, ImageChange, ImageLabel } from '../../api/contract.ts';
import { acting } from '../../state/acting.svelte.ts';
import { person } from '../../state/preferences.svelte.ts';
import { labelImage, maskAddress, removeMask, saveMask } from './datasets.ts';
import { greyPng } from './grey-png.ts';
import { MaskDrawing } from './mask-drawing.ts';
import { loadMask } from './mask-image.ts';

export type Tool = 'brush' | 'polygon' | 'eraser' | 'hand';

export class MaskEditing {
  readonly mask: MaskDrawing;
  /** Of the widest brush, in pixels of the image. */
  readonly widest: number;
  tool = $state<Tool>('brush');
  /** Diameter of brush and eraser in pixels of the image. */
  brush = $state(1);
  #loaded = $state(false);
  #dirty = $state(false);
  #can = $state.raw({ undo: false, redo: false });
  #outside = $state.raw<{ readonly count: number; readonly tiles: readonly number[] }>({ count: 0, tiles: [] });
  readonly #dataSet: string;
  readonly #image: () => DataSetImage;
  readonly #onchange: (change: ImageChange) => void;

  /** @param image as it is known at present; it stays the same image. */
  constructor(dataSet: string, image: () => DataSetImage, onchange: (change: ImageChange) => void) {
    const { width, height } = image();
    const longest = Math.max(width, height);
    this.mask = new MaskDrawing(width, height);
    this.widest = Math.max(8, Math.round(longest / 8));
    this.brush = Math.max(3, Math.round(longest / 60));
    this.#dataSet = dataSet;
    this.#image = image;
    this.#onchange = onchange;
  }

  /** Whether the mask that was saved is here, so that it can be drawn on. */
  get loaded(): boolean {
    return this.#loaded;
  }

  get dirty(): boolean {
    return this.#dirty;
  }

  get can() {
    return this.#can;
  }

  /** Counts changes by other ways than the pointer, such as undo; the numbers of the tiles come with it. */
  get outside() {
    return this.#outside;
  }

  get problem() {
    return this.saving.problem ?? this.labelling.problem ?? this.loading.problem;
  }

  readonly loading = acting(async () => {
    const image = this.#image();
    if (image.mask !== null) {
      const answer = await fetch(maskAddress(this.#dataSet, image));
      if (!answer.ok) throw new Error(`The mask cannot be read (${answer.status}).`);
      await loadMask(this.mask, await answer.blob());
    }
    this.#loaded = true;
  });

  readonly saving = acting(async () => {
    const { hash, mask } = this.#image();
    // what is drawn meanwhile is not saved by this
    this.#dirty = false;
    try {
      if (!this.mask.empty) {
        const png = await greyPng(this.mask.width, this.mask.height, (y, row) => this.mask.readRow(y, row));
        this.#onchange(await saveMask(this.#dataSet, hash, png, person.current));
      } else if (mask !== null) this.#onchange(await removeMask(this.#dataSet, hash, person.current));
    } catch (error) {
      this.#dirty = true;
      throw error;
    }
  });

  readonly labelling = acting(
    async (said: Omit<ImageLabel, 'by'>) => {
      this.#onchange(await labelImage(this.#dataSet, this.#image().hash, said, person.current));
    },
    { several: true },
  );

  /** What the pointer drew. */
  drawn(): void {
    this.#dirty = true;
    this.#can = { undo: this.mask.canUndo, redo: this.mask.canRedo };
  }

  #changedBy(tiles: readonly number[]): void {
    if (tiles.length === 0) return;
    this.#outside = { count: this.#outside.count + 1, tiles };
    this.drawn();
  }

  undo(): void {
    this.#changedBy(this.mask.undo());
  }

  redo(): void {
    this.#changedBy(this.mask.redo());
  }

  clear(): void {
    this.mask.begin();
    const tiles = [...this.mask.clear()];
    this.mask.commit();
    this.#changedBy(tiles);
  }

  resize(factor: number): void {
    const size = factor > 1 ? Math.ceil(this.brush * factor) : Math.floor(this.brush * factor);
    this.brush = Math.min(this.widest, Math.max(1, size));
  }

  /** Says whether nothing is left to save. */
  async save(): Promise<boolean> {
    if (this.#dirty) await this.saving.run();
    return !this.#dirty;
  }

  /** Where an image is no longer defective its mask goes; else what was drawn is saved before. */
  async label(said: Omit<ImageLabel, 'by'>): Promise<void> {
    if (said.label !== undefined && said.label !== 'defective') {
      this.clear();
      this.#dirty = false;
    } else if (!(await this.save())) return;
    await this.labelling.run(said);
  }
}
