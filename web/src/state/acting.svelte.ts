/** What a button does, with what went wrong: once at a time unless it is told otherwise. */
import { type Problem, problemOf } from '../api/problem.ts';

interface Options {
  /** Whether it may be begun again before it ended. */
  readonly several?: boolean;
}

class Acting<Given extends readonly unknown[]> {
  #underWay = $state(0);
  #problem = $state.raw<Problem>();
  readonly #act: (...given: Given) => Promise<unknown>;

  readonly #several: boolean;

  constructor(act: (...given: Given) => Promise<unknown>, { several = false }: Options = {}) {
    this.#act = act;
    this.#several = several;
  }

  get working(): boolean {
    return this.#underWay > 0;
  }

  /** Why the last try failed. */
  get problem(): Problem | undefined {
    return this.#problem;
  }

  /** Forgets what went wrong, as when a dialog opens anew. */
  readonly reset = (): void => {
    this.#problem = undefined;
  };

  /** Says whether it was done. Never rejects. */
  readonly run = async (...given: Given): Promise<boolean> => {
    if (this.working && !this.#several) return false;
    this.#underWay++;
    this.#problem = undefined;
    try {
      await this.#act(...given);
      return true;
    } catch (error) {
      this.#problem = problemOf(error);
      return false;
    } finally {
      this.#underWay--;
    }
  };
}

export const acting = <Given extends readonly unknown[]>(
  act: (...given: Given) => Promise<unknown>,
  options?: Options,
): Acting<Given> => new Acting(act, options);
