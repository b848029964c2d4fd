/** A data set that is looked at and changed: its images, which of them are shown, and what was refused. */
import type { DataSetDetail, DataSetImage, ImageChange, Label } from '../../api/contract.ts';
import { problemOf } from '../../api/problem.ts';
import { acting } from '../../state/acting.svelte.ts';
import { person } from '../../state/preferences.svelte.ts';
import { Resource } from '../../state/resource.svelte.ts';
import { addImage, addInspections, getDataSet, labelImage, removeImage, saveMask } from './datasets.ts';
import { Selection } from './selection.svelte.ts';
import { type PlannedImage, planUpload, type SentAs, type SentFile } from './upload-plan.ts';

export type Shown = 'all' | 'none' | Label;

interface Refused {
  readonly name: string;
  readonly message: string;
  readonly code: string;
}

/** Shown at a time, so that a set of thousands stays quick. */
const PAGE = 120;

export class DataSetState {
  readonly id: string;
  readonly loaded: Resource<DataSetDetail>;
  #shown = $state<Shown>('all');
  #limit = $state(PAGE);
  #progress = $state.raw<{ readonly done: number; readonly total: number }>();
  #refused = $state.raw<readonly Refused[]>([]);
  /** Of what is labelled defective next; empty: the usual one. */
  className = $state('');
  /** What is said of images that are added. */
  sentAs = $state<SentAs>('folders');
  readonly selection = new Selection();
  /** That images which are added show; empty: each a part of its own. */
  part = $state('');

  readonly #images = $derived.by(() => this.all.filter((image) => this.#isShown(image)));

  constructor(id: string) {
    this.id = id;
    this.loaded = new Resource((signal) => getDataSet(id, signal));
  }

  /** Every image, whatever is shown. */
  get all(): readonly DataSetImage[] {
    return this.loaded.value?.images ?? [];
  }

  /** Those that were asked for. */
  get images(): readonly DataSetImage[] {
    return this.#images;
  }

  /** The first of them. */
  get visible(): readonly DataSetImage[] {
    return this.#images.slice(0, this.#limit);
  }

  get shown(): Shown {
    return this.#shown;
  }

  show(shown: Shown): void {
    this.#shown = shown;
    this.#limit = PAGE;
  }

  showMore(): void {
    this.#limit += PAGE;
  }

  #isShown({ label }: DataSetImage): boolean {
    return this.#shown === 'all' || (label ?? 'none') === this.#shown;
  }

  /** The next shown image after (1) or before (-1) one, which may itself be shown no more. */
  neighbour(hash: string, by: 1 | -1): DataSetImage | undefined {
    const at = this.all.findIndex((image) => image.hash === hash);
    const rest = by > 0 ? this.all.slice(at + 1) : this.all.slice(0, Math.max(0, at)).reverse();
    return rest.find((image) => this.#isShown(image));
  }

  /** What became of an image: changed, new, or removed. */
  take(hash: string, { dataSet, image }: ImageChange): void {
    const known = this.all.some((old) => old.hash === hash);
    const images = known
      ? this.all.flatMap((old) => (old.hash === hash ? (image ? [image] : []) : [old]))
      : [...this.all, ...(image ? [image] : [])];
    this.loaded.value = { dataSet, images };
  }

  /** While images are added. */
  get progress() {
    return this.#progress;
  }

  /** Of what was added last. */
  get refused(): readonly Refused[] {
    return this.#refused;
  }

  /** One after the other; what is refused does not keep the others out. */
  readonly adding = acting(async (files: readonly SentFile[], told: (added: number, refused: number) => void) => {
    const { images, unmatched } = planUpload(files, this.sentAs);
    this.#refused = [];
    let added = 0;
    for (const [done, image] of images.entries()) {
      this.#progress = { done, total: images.length };
      if (await this.#trying(image.name, () => this.#addOne(image))) added++;
    }
    this.#progress = undefined;
    const message = 'a mask whose image is not clear: name it like its image, in a folder of the same class';
    this.#refused = [...this.#refused, ...unmatched.map((name) => ({ name, message, code: 'MASK_MISMATCH' }))];
    told(added, this.#refused.length);
  });

  async #addOne({ mask, ...image }: PlannedImage): Promise<void> {
    const change = await addImage(this.id, image, this.part, person.current);
    const { hash } = change.image!;
    this.take(hash, change);
    // the image is in, whatever becomes of its mask
    if (mask)
      await this.#trying(mask.name, async () => this.take(hash, await saveMask(this.id, hash, mask, person.current)));
  }

  /** Whether it was done; what it failed by is named. */
  async #trying(name: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      const { message, code } = problemOf(error);
      this.#refused = [...this.#refused, { name, message, code }];
      return false;
    }
  }

  /** Of all that are picked, one after the other. */
  readonly labellingPicked = acting(async (label: Label | null) => {
    for (const image of this.selection.among(this.all)) await this.#label(image, label);
    this.selection.clear();
  });

  readonly removingPicked = acting(async () => {
    for (const { hash } of this.selection.among(this.all))
      this.take(hash, await removeImage(this.id, hash, person.current));
    this.selection.clear();
  });

  readonly addingReviewed = acting(async (told: (text: string) => void) => {
    const { added, labelled, known, refused } = await addInspections(this.id, person.current);
    this.#refused = refused.map(({ inspection, message, code }) => ({
      name: `Inspection ${inspection}`,
      message,
      code,
    }));
    const left = refused.length > 0 ? `, ${refused.length} left out` : '';
    told(`From reviews: ${added} added, ${labelled} labelled, ${known} were here${left}.`);
    await this.loaded.reload();
  });

  /** Keys are quicker than answers, so several may be on their way. */
  readonly labelling = acting((image: DataSetImage, label: Label | null) => this.#label(image, label), {
    several: true,
  });

  async #label({ hash }: DataSetImage, label: Label | null): Promise<void> {
    const name = this.className.trim();
    const chosen = label === 'defective' && name !== '' ? { className: name } : {};
    this.take(hash, await labelImage(this.id, hash, { label, ...chosen }, person.current));
  }

  readonly removing = acting(
    async ({ hash }: DataSetImage) => this.take(hash, await removeImage(this.id, hash, person.current)),
    { several: true },
  );

  get problem() {
    return (
      this.labelling.problem ??
      this.labellingPicked.problem ??
      this.removingPicked.problem ??
      this.removing.problem ??
      this.addingReviewed.problem ??
      this.adding.problem ??
      this.loaded.problem
    );
  }
}
