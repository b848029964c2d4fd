/** Golden numbers from PyTorch, as they lie in test/golden (see the README there). */
import { fileURLToPath } from 'node:url';
import { readSafetensors } from '../src/core/safetensors.ts';
import type { NamedTensors, Tensor } from '../src/core/tensor.ts';

interface Golden {
  /** The tensor of a name; throws when the file has none. */
  get(name: string): Tensor;
  /** The tensors under a prefix, named without it. */
  under(prefix: string): NamedTensors;
  readonly facts: Readonly<Record<string, unknown>>;
}

export async function readGolden(file: string): Promise<Golden> {
  const { tensors, metadata } = await readSafetensors(
    fileURLToPath(new URL(`./golden/${file}.safetensors`, import.meta.url)),
  );
  return {
    get: (name) => {
      const found = tensors.get(name);
      if (!found) throw new Error(`golden file ${file} has no ${name}`);
      return found;
    },
    under: (prefix) =>
      new Map(
        [...tensors].filter(([k]) => k.startsWith(`${prefix}/`)).map(([k, v]) => [k.slice(prefix.length + 1), v]),
      ),
    facts: Object.fromEntries(Object.entries(metadata).map(([k, v]) => [k, JSON.parse(v)])),
  };
}
