/** Results as clients read them: each part as a result of OPC 40100-1 and of OPC 40001-101, until it is acknowledged or driven out. */
import type { AddressSpace } from 'node-opcua-address-space';
import type { Variant } from 'node-opcua-variant';
import type { PartMessage } from '../../contract/line.ts';
import { evaluations, resultStates } from './codes.ts';
import type { KnownRecipe, PartJob } from './messages.ts';
import { resultContent } from './result-content.ts';
import { list, MACHINE_VISION, MACHINERY_RESULT, Structures, scalar } from './values.ts';

export interface Shown {
  readonly part: PartMessage;
  /** By the names of its fields; absent where it has none. */
  readonly fields: Readonly<Record<string, Variant>>;
  readonly vision: object;
  readonly machinery: object;
}

export class Results {
  readonly #vision: Structures;
  readonly #machinery: Structures;
  readonly #most: number;
  readonly #configuration: object;
  readonly #shown = new Map<string, Shown>();

  constructor(space: AddressSpace, most: number, configuration: object) {
    this.#vision = new Structures(space, MACHINE_VISION);
    this.#machinery = new Structures(space, MACHINERY_RESULT);
    this.#most = most;
    this.#configuration = configuration;
  }

  get isFull(): boolean {
    return this.#shown.size >= this.#most;
  }

  /** Oldest first. */
  get all(): Shown[] {
    return [...this.#shown.values()];
  }

  get latest(): Shown | undefined {
    return this.all.at(-1);
  }

  byId(id: string | null): Shown | undefined {
    return this.#shown.get(id ?? '');
  }

  /** A part that is shown already stays the one result it is: undefined then. Where there are too many the oldest goes. */
  add(part: PartMessage, recipe: KnownRecipe | undefined, job: PartJob | null): Shown | undefined {
    if (this.#shown.has(part.id)) return undefined;
    const [oldest] = this.#shown.keys();
    if (this.isFull && oldest !== undefined) this.#shown.delete(oldest);
    const shown = this.#make(part, recipe, job);
    this.#shown.set(part.id, shown);
    return shown;
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) this.#shown.delete(id);
  }

  #make(part: PartMessage, recipe: KnownRecipe | undefined, job: PartJob | null): Shown {
    const { id, decision, at, millis, resultId } = part;
    const not = job?.isAborted ? resultStates.aborted : resultStates.failed;
    const state = decision === 'NOT_INSPECTED' ? not : resultStates.completed;
    const meas = job?.meas ?? resultId;
    const end = new Date(at);
    const times = { startTime: new Date(end.getTime() - millis), endTime: end, processingDuration: millis };
    const content = resultContent.map(([, type, , of]) => scalar(type, of(part)));
    const vision = (type: string, fields: Record<string, unknown>): object => this.#vision.make(type, fields);
    const of = {
      resultId: vision('ResultIdDataType', { id }),
      ...(meas !== null && { measId: vision('MeasIdDataType', { id: meas }) }),
      ...(part.part !== null && { partId: vision('PartIdDataType', { id: part.part }) }),
      ...(recipe && { externalRecipeId: vision('RecipeIdExternalDataType', { id: recipe.name }) }),
      internalRecipeId: vision('RecipeIdInternalDataType', {
        id: part.recipe ?? '',
        ...(part.revision !== null && { version: String(part.revision) }),
        ...(recipe && { hash: Buffer.from(recipe.hash, 'hex'), hashAlgorithm: 'SHA256' }),
      }),
      internalConfigurationId: this.#configuration,
      jobId: vision('JobIdDataType', { id: job?.id ?? '' }),
      processingTimes: vision('ProcessingTimesDataType', times),
    };
    const jobId = job?.id ?? null;
    const plain = { isPartial: false, isSimulated: false, resultState: state, creationTime: end };
    const structures = Object.entries(of).map(([name, value]) => [name, scalar('ExtensionObject', value)] as const);
    return {
      part,
      vision: vision('ResultDataType', { ...of, ...plain, resultContent: content }),
      machinery: this.#machineryResult(
        part,
        recipe,
        { ...plain, ...(jobId !== null && { jobId }), processingTimes: times },
        content,
      ),
      fields: {
        ...Object.fromEntries(structures),
        isPartial: scalar('Boolean', false),
        isSimulated: scalar('Boolean', false),
        resultState: scalar('Int32', state),
        creationTime: scalar('DateTime', end),
        resultContent: list('Variant', content),
      },
    };
  }

  #machineryResult(
    part: PartMessage,
    recipe: KnownRecipe | undefined,
    { processingTimes, ...plain }: Record<string, unknown>,
    content: readonly Variant[],
  ): object {
    const { id, decision, reason } = part;
    const resultMetaData = this.#machinery.make('ResultMetaDataType', {
      resultId: id,
      ...plain,
      ...(part.part !== null && { partId: part.part }),
      ...(recipe && { externalRecipeId: recipe.name }),
      ...(part.recipe !== null && { internalRecipeId: part.recipe }),
      processingTimes: this.#machinery.make('ProcessingTimesDataType', processingTimes as Record<string, unknown>),
      resultEvaluation: evaluations[decision],
      ...(reason !== null && { resultEvaluationDetails: { text: reason } }),
    });
    return this.#machinery.make('ResultDataType', { resultMetaData, resultContent: content });
  }
}
