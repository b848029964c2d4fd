/** The active recipe's detector at work in this browser: a worker, whether it is ready, and what it found. */
import { unlikeInBrowser } from '../../../../src/data/image/browser-limits.ts';
import { modelAddress } from '../../api/addresses.ts';
import type { Recipe } from '../../api/contract.ts';
import type { Answer, Pixels, Question } from './messages.ts';

type Found = Extract<Answer, { score: number }> & { readonly name: string };

export class BrowserDetector {
  #ready = $state(false);
  #busy = $state(false);
  #problem = $state('');
  #found = $state.raw<Found>();
  #name = '';
  #worker: Worker | undefined;

  get ready(): boolean {
    return this.#ready;
  }

  /** Whether an image can be given to it now. */
  get idle(): boolean {
    return this.#ready && !this.#busy;
  }

  get problem(): string {
    return this.#problem;
  }

  /** What came of the last image; none while another one is looked at. */
  get found(): Found | undefined {
    return this.#found;
  }

  say(problem: string): void {
    this.#problem = problem;
  }

  forget(): void {
    this.#found = undefined;
    this.#problem = '';
  }

  /** Loads a recipe's model; returns the function that ends it. */
  open(recipe: string): () => void {
    this.#ready = false;
    this.forget();
    const own = new Worker(new URL('./inspecting.ts', import.meta.url), { type: 'module' });
    own.addEventListener('message', ({ data }: MessageEvent<Answer>) => this.#hear(data));
    own.addEventListener('error', () => this.say('This browser cannot run the detector.'));
    this.#worker = own;
    this.#ask({ model: modelAddress(recipe) });
    return () => own.terminate();
  }

  inspect(
    pixels: Pixels,
    name: string,
    { threshold, review, judgesBlank, sizes, frame, regions, combination, mapRange, mapUnit }: Recipe,
  ): void {
    this.#name = name;
    this.#busy = true;
    this.forget();
    const judging = {
      threshold,
      review,
      sum: combination === 'sum',
      judgesBlank,
      sizes: $state.snapshot(sizes),
      learned: $state.snapshot(frame),
    };
    // the state's proxy cannot be handed over
    this.#ask({ pixels, map: { mapRange: { ...mapRange }, mapUnit, regions: $state.snapshot(regions) }, judging }, [
      pixels.data.buffer,
    ]);
  }

  #ask(question: Question, handOver: Transferable[] = []): void {
    this.#worker?.postMessage(question, handOver);
  }

  #hear(answer: Answer): void {
    if ('ready' in answer) this.#ready = true;
    else if ('problem' in answer) this.#problem = answer.problem;
    else this.#found = { ...answer, name: this.#name };
    this.#busy = false;
  }
}

/** The image of a file as the station would read it, or in words why it is not to be had here. */
export async function decoded(file: File): Promise<ImageBitmap | string> {
  const unlike = unlikeInBrowser(new Uint8Array(await file.arrayBuffer()));
  if (unlike !== undefined) return `${file.name} has ${unlike}. Let the station inspect it.`;
  try {
    // the station reads the values as they are stored, too
    return await createImageBitmap(file, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  } catch {
    return `${file.name} is no image that this browser reads.`;
  }
}
