/** What `felfri inspect` prints: a line an image, what was passed over, and a last line that counts. */
import { onOneLine } from '../core/control-characters.ts';
import type { FelfriError } from '../core/errors.ts';
import type { Inspection } from '../inspect/inspector.ts';
import type { FoundFiles, PassedOver } from './image-files.ts';
import { exitCode } from './run.ts';

/** Where a heat map went, or why it could not be written. */
export type WrittenMap = string | FelfriError | undefined;

export interface Wanted {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

function line(inspection: Inspection, heatMap: WrittenMap): string {
  const { image, decision, reason, score, threshold, review, milliseconds } = inspection;
  const from = review === null ? '' : `, REVIEW from ${review.toPrecision(4)}`;
  const limit = threshold === null ? 'no threshold' : `threshold ${threshold.toPrecision(4)}${from}`;
  const time = `${(milliseconds.read + milliseconds.detect).toFixed(0)} ms`;
  return `${decision.padEnd(6)}  score ${score.toPrecision(4)} (${limit})  ${time.padStart(7)}  ${image}${reason === null ? '' : `: ${reason}`}${typeof heatMap === 'string' ? `  -> ${heatMap}` : ''}`;
}

function jsonLine({ map: _, ...facts }: Inspection, bundle: string, heatMap: WrittenMap): string {
  const drawn = typeof heatMap === 'string' ? { heatMap } : heatMap && { heatMap: null, heatMapError: heatMap };
  return JSON.stringify({ ...facts, bundle, ...drawn });
}

export class InspectionOutput {
  readonly #wanted: Wanted;
  readonly #decisions = { OK: 0, REVIEW: 0, NG: 0 };
  readonly #others: number;
  /** SHA-256 of its bundle.json. */
  readonly #bundle: string;
  #notInspected = 0;
  #notDrawn = 0;

  constructor(wanted: Wanted, { others, bundle }: Pick<FoundFiles, 'others'> & { readonly bundle: string }) {
    this.#wanted = wanted;
    this.#bundle = bundle;
    this.#others = others;
  }

  #error(image: string, error: FelfriError): void {
    if (this.#wanted.json) process.stdout.write(`${JSON.stringify({ image, error })}\n`);
    else process.stderr.write(`${error.code}: ${onOneLine(error.message)}\n`);
  }

  decided(inspection: Inspection, heatMap: WrittenMap): void {
    this.#decisions[inspection.decision]++;
    if (typeof heatMap === 'object') {
      this.#notDrawn++;
      process.stderr.write(`${heatMap.code}: ${onOneLine(heatMap.message)}\n`);
    }
    if (this.#wanted.json) process.stdout.write(`${jsonLine(inspection, this.#bundle, heatMap)}\n`);
    else if (!this.#wanted.quiet) process.stdout.write(`${onOneLine(line(inspection, heatMap))}\n`);
  }

  refused(image: string, error: FelfriError): void {
    this.#notInspected++;
    this.#error(image, error);
  }

  passedOver(all: readonly PassedOver[]): void {
    for (const { error, files } of all) {
      this.#notInspected += Math.max(1, files);
      this.#error(error.subject ?? '', error);
    }
  }

  /** Prints the last line; gives the exit code. */
  end(): number {
    const { OK, REVIEW, NG } = this.#decisions;
    const counts = [
      [OK, 'OK'],
      [REVIEW, 'REVIEW'],
      [NG, 'NG'],
      [this.#notInspected, 'not inspected'],
      [this.#notDrawn, 'heat maps not written'],
      [this.#others, 'other files'],
    ] as const;
    const summary = counts.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`);
    // lines of JSON are one image each
    if (!this.#wanted.quiet) (this.#wanted.json ? process.stderr : process.stdout).write(`${summary.join(', ')}\n`);
    if (NG > 0) return exitCode.defective;
    if (this.#notInspected + this.#notDrawn > 0) return exitCode.partial;
    return REVIEW > 0 ? exitCode.review : exitCode.ok;
  }
}
