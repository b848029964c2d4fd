/** Methods by which clients read and acknowledge results, and the events that tell of each. */
import type { AddressSpace } from 'node-opcua-address-space';
import { FelfriError } from '../../../core/errors.ts';
import type { Asking } from './asking.ts';
import { methodErrors } from './codes.ts';
import { bind, Refusal, type RoleOf } from './methods.ts';
import type { Results, Shown } from './results.ts';
import { list, MACHINE_VISION, MACHINERY_RESULT, Structures, scalar } from './values.ts';
import type { VisionNodes } from './vision-system.ts';

/** Results need no handle: they are copies. */
const NO_HANDLE = scalar('UInt32', 0);

const idOf = (structure: unknown): string => (structure as { id?: string | null } | null)?.id ?? '';

/** What GetResultListFiltered is asked by, in its order; an empty one asks for any. */
const filters: readonly ((shown: Shown) => unknown)[] = [
  ({ fields }) => fields['resultState']!.value as number,
  ...['measId', 'partId', 'externalRecipeId', 'internalRecipeId'].map(
    (name) =>
      ({ fields }: Shown) =>
        idOf(fields[name]?.value),
  ),
  () => '',
  ({ fields }) => idOf(fields['internalConfigurationId']!.value),
  () => '',
  ({ fields }) => idOf(fields['jobId']!.value),
];

function matches(shown: Shown, asked: readonly unknown[]): boolean {
  return filters.every((of, i) => {
    const wanted = i === 0 ? (asked[i] as number) : idOf(asked[i]);
    return wanted === '' || wanted === 0 || wanted === of(shown);
  });
}

export class ResultMethods {
  readonly #space: AddressSpace;
  readonly #nodes: VisionNodes;
  readonly #results: Results;
  readonly #roleOf: RoleOf;
  readonly #vision: Structures;
  readonly #machinery: Structures;

  constructor(space: AddressSpace, nodes: VisionNodes, results: Results, roleOf: RoleOf, asking: Asking) {
    this.#space = space;
    this.#nodes = nodes;
    this.#results = results;
    this.#roleOf = roleOf;
    this.#vision = new Structures(space, MACHINE_VISION);
    this.#machinery = new Structures(space, MACHINERY_RESULT);
    this.#bindVision();
    this.#bindMachinery(asking);
  }

  /** Tells of a new result, by both specifications. */
  announce({ part, fields, machinery }: Shown): void {
    const text = part.decision === 'NOT_INSPECTED' ? `not inspected: ${part.reason ?? ''}` : part.decision;
    const about = {
      message: scalar('LocalizedText', { text: `${part.part ?? part.id}: ${text}` }),
      severity: scalar('UInt16', part.pass ? 100 : 300),
    };
    const eventOf = (uri: string) =>
      this.#space.findEventType('ResultReadyEventType', this.#space.getNamespaceIndex(uri))!;
    this.#nodes.automatic.raiseEvent(eventOf(MACHINE_VISION), { ...about, ...fields });
    this.#nodes.machineryResults.raiseEvent(eventOf(MACHINERY_RESULT), {
      ...about,
      result: scalar('ExtensionObject', machinery),
    });
  }

  #found(shown: Shown | undefined): Shown {
    if (!shown) throw new Refusal('unknown');
    return shown;
  }

  #bindVision(): void {
    const { results } = this.#nodes;
    const structure = (type: string) => scalar('ExtensionObject', this.#vision.make(type, {}));
    bind(results, 'GetResultById', this.#roleOf, {
      least: 'reader',
      call: ([id]) => [NO_HANDLE, scalar('ExtensionObject', this.#found(this.#results.byId(idOf(id))).vision)],
      empty: () => [NO_HANDLE, structure('ResultDataType')],
    });
    const components = (fields: Shown['fields']) => [
      scalar('Boolean', false),
      NO_HANDLE,
      scalar('Boolean', false),
      scalar('Boolean', false),
      fields['resultState'] ?? scalar('Int32', 0),
      fields['measId'] ?? structure('MeasIdDataType'),
      fields['partId'] ?? structure('PartIdDataType'),
      fields['externalRecipeId'] ?? structure('RecipeIdExternalDataType'),
      fields['internalRecipeId'] ?? structure('RecipeIdInternalDataType'),
      structure('ProductIdDataType'),
      structure('ConfigurationIdDataType'),
      scalar('ExtensionObject', this.#nodes.configuration),
      fields['jobId'] ?? structure('JobIdDataType'),
      fields['creationTime'] ?? scalar('DateTime', new Date(0)),
      fields['processingTimes'] ?? structure('ProcessingTimesDataType'),
      fields['resultContent'] ?? list('Variant', []),
    ];
    bind(results, 'GetResultComponentsById', this.#roleOf, {
      least: 'reader',
      call: ([id]) => components(this.#found(this.#results.byId(idOf(id))).fields),
      empty: () => components({}),
    });
    const answer = (isComplete: boolean, found: readonly Shown[]) => [
      scalar('Boolean', isComplete),
      scalar('UInt32', found.length),
      NO_HANDLE,
      list(
        'ExtensionObject',
        found.map(({ vision }) => vision),
      ),
    ];
    bind(results, 'GetResultListFiltered', this.#roleOf, {
      least: 'reader',
      call: (inputs) => {
        const [most, start] = inputs.slice(9) as [number, number];
        const found = this.#results.all.filter((shown) => matches(shown, inputs)).slice(start);
        const given = most === 0 ? found : found.slice(0, most);
        return answer(given.length === found.length, given);
      },
      empty: () => answer(true, []),
    });
    bind(results, 'ReleaseResultHandle', this.#roleOf, { least: 'reader', call: () => [], empty: () => [] });
  }

  #bindMachinery(asking: Asking): void {
    const { machineryResults: node } = this.#nodes;
    const one = (shown: Shown | undefined) => [
      NO_HANDLE,
      scalar('ExtensionObject', shown?.machinery ?? this.#machinery.make('ResultDataType', {})),
    ];
    const empty = () => one(undefined);
    bind(node, 'GetLatestResult', this.#roleOf, {
      least: 'reader',
      call: () => one(this.#found(this.#results.latest)),
      empty,
    });
    bind(node, 'GetResultById', this.#roleOf, {
      least: 'reader',
      call: ([id]) => one(this.#found(this.#results.byId(id as string | null))),
      empty,
    });
    const ids = (found: readonly Shown[]) => [
      NO_HANDLE,
      list(
        'String',
        found.map(({ part }) => part.id),
      ),
    ];
    bind(node, 'GetResultIdListFiltered', this.#roleOf, {
      least: 'reader',
      call: ([filter, order, most]) => {
        const { elements } = (filter ?? {}) as { elements?: readonly unknown[] | null };
        if ((elements ?? []).length > 0 || ((order as readonly unknown[] | null) ?? []).length > 0)
          throw new Refusal('notOffered');
        const { all } = this.#results;
        return ids(most === 0 ? all : all.slice(0, most as number));
      },
      empty: () => ids([]),
    });
    bind(node, 'ReleaseResultHandle', this.#roleOf, { least: 'reader', call: () => [], empty: () => [] });
    bind(node, 'AcknowledgeResults', this.#roleOf, {
      least: 'operator',
      call: async ([given]) => {
        const named = [...((given as readonly (string | null)[] | null) ?? [])].map((id) => id ?? '');
        const codes = await this.#acknowledge(named, asking);
        return [
          list(
            'Int32',
            named.map((id) => codes.get(id)!),
          ),
        ];
      },
      empty: () => [list('Int32', [])],
    });
  }

  /** Good only where the station has noted it for good. */
  async #acknowledge(ids: readonly string[], asking: Asking): Promise<Map<string, number>> {
    const known = [...new Set(ids)].flatMap((id) => this.#results.byId(id) ?? []);
    const codes = new Map(ids.map((id) => [id, methodErrors.unknown[0] as number]));
    if (known.length === 0) return codes;
    const done = await asking
      .ask(
        'taken',
        known.map(({ part }) => part.sequence),
      )
      .then(
        () => true,
        (error: unknown) => {
          if (!(error instanceof FelfriError)) throw error;
          return false;
        },
      );
    const of = known.map(({ part }) => part.id);
    if (done) this.#results.remove(of);
    for (const id of of) codes.set(id, methodErrors[done ? 'ok' : 'notRecorded'][0]);
    return codes;
  }
}
