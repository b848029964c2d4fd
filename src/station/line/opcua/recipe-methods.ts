/** Recipes as clients see and choose them: the active one is the prepared one. */
import type { AddressSpace, UAObject } from 'node-opcua-address-space';
import type { Asking } from './asking.ts';
import type { Clients } from './clients.ts';
import type { KnownRecipe } from './messages.ts';
import { bind, Refusal, type RoleOf, type SignInOf } from './methods.ts';
import { list, MACHINE_VISION, Structures, scalar } from './values.ts';
import { setVariable, type VisionNodes } from './vision-system.ts';

const idOf = (structure: unknown): string => (structure as { id?: string | null } | null)?.id ?? '';
/** TriStateBooleanDataType. */
const DO_NOT_CARE = 2;
const NO_HANDLE = scalar('UInt32', 0);

export class RecipeMethods {
  readonly #space: AddressSpace;
  readonly #nodes: VisionNodes;
  readonly #roleOf: RoleOf;
  readonly #signInOf: SignInOf;
  readonly #asking: Asking;
  readonly #structures: Structures;
  readonly #folder: UAObject;
  readonly #objects = new Map<string, UAObject>();
  #all: readonly KnownRecipe[] = [];
  #prepared: string | null = null;

  constructor(
    space: AddressSpace,
    nodes: VisionNodes,
    { roleOf, signInOf }: Pick<Clients, 'roleOf' | 'signInOf'>,
    asking: Asking,
  ) {
    this.#space = space;
    this.#nodes = nodes;
    this.#roleOf = roleOf;
    this.#signInOf = signInOf;
    this.#asking = asking;
    this.#structures = new Structures(space, MACHINE_VISION);
    this.#folder = nodes.recipes.getChildByName('Recipes', space.getNamespaceIndex(MACHINE_VISION)) as UAObject;
    this.#bind();
  }

  byId(id: string | null): KnownRecipe | undefined {
    return this.#all.find((recipe) => recipe.id === id);
  }

  /** The recipes of the station, where they are known, and the id of the active one. */
  follow(all: readonly KnownRecipe[] | undefined, prepared: string | null): void {
    this.#all = all ?? this.#all;
    const had = this.#prepared;
    this.#prepared = prepared;
    for (const recipe of this.#all) this.#show(recipe);
    for (const [id, object] of this.#objects)
      if (!this.byId(id)) {
        this.#space.deleteNode(object);
        this.#objects.delete(id);
      }
    const recipe = this.byId(prepared);
    if (recipe && prepared !== had) this.#announce(recipe);
  }

  #internal({ id, revision, hash }: KnownRecipe): object {
    const of = { id, version: String(revision), hash: Buffer.from(hash, 'hex'), hashAlgorithm: 'SHA256' };
    return this.#structures.make('RecipeIdInternalDataType', of);
  }

  #external({ name }: KnownRecipe): object {
    return this.#structures.make('RecipeIdExternalDataType', { id: name });
  }

  #announce(recipe: KnownRecipe): void {
    const type = this.#space.findEventType('RecipePreparedEventType', this.#space.getNamespaceIndex(MACHINE_VISION))!;
    this.#nodes.recipes.raiseEvent(type, {
      message: scalar('LocalizedText', { text: `${recipe.name}, revision ${recipe.revision}` }),
      severity: scalar('UInt16', 100),
      internalId: scalar('ExtensionObject', this.#internal(recipe)),
      externalId: scalar('ExtensionObject', this.#external(recipe)),
    });
  }

  #show(recipe: KnownRecipe): void {
    const object = this.#objects.get(recipe.id) ?? this.#add(recipe);
    setVariable(this.#space, object, 'InternalId', scalar('ExtensionObject', this.#internal(recipe)));
    setVariable(this.#space, object, 'ExternalId', scalar('ExtensionObject', this.#external(recipe)));
    setVariable(this.#space, object, 'IsPrepared', scalar('Boolean', recipe.id === this.#prepared));
    setVariable(this.#space, object, 'LastModified', scalar('DateTime', new Date(recipe.createdAt)));
  }

  #add({ id, name }: KnownRecipe): UAObject {
    const type = this.#space.findObjectType('RecipeType', this.#space.getNamespaceIndex(MACHINE_VISION))!;
    const object = type.instantiate({
      browseName: id,
      displayName: name,
      nodeId: `s=Recipe/${id}`,
      organizedBy: this.#folder,
      optionals: ['ExternalId'],
    });
    this.#objects.set(id, object);
    bind(object, 'Prepare', this.#roleOf, {
      least: 'engineer',
      call: async (_, context) => {
        await this.#asking.ask('activate', { recipe: id, by: this.#signInOf(context) });
        return [scalar('Boolean', true)];
      },
      empty: () => [scalar('Boolean', false)],
    });
    bind(object, 'Unprepare', this.#roleOf, notOffered([]));
    return object;
  }

  #bind(): void {
    const { recipes } = this.#nodes;
    const none = scalar('ExtensionObject', this.#structures.make('RecipeIdInternalDataType', {}));
    bind(recipes, 'PrepareRecipe', this.#roleOf, {
      least: 'engineer',
      call: async ([external, internal], context) => {
        const asked = { recipe: idOf(internal) || idOf(external), by: this.#signInOf(context) };
        const recipe = await this.#asking.ask('activate', asked);
        return [scalar('ExtensionObject', this.#internal(recipe)), scalar('Boolean', true)];
      },
      empty: () => [none, scalar('Boolean', false)],
    });
    bind(recipes, 'UnprepareRecipe', this.#roleOf, notOffered([none]));
    const answer = (isComplete: boolean, found: readonly KnownRecipe[]) => [
      scalar('Boolean', isComplete),
      scalar('UInt32', found.length),
      NO_HANDLE,
      list(
        'ExtensionObject',
        found.map((recipe) => this.#internal(recipe)),
      ),
    ];
    bind(recipes, 'GetRecipeListFiltered', this.#roleOf, {
      least: 'reader',
      call: ([external, product, isPrepared, most, start]) => {
        const found = this.#all
          .filter(({ name }) => [name, ''].includes(idOf(external)) && idOf(product) === '')
          .filter(({ id }) => isPrepared === DO_NOT_CARE || (id === this.#prepared) === (isPrepared === 1))
          .slice(start as number);
        const given = most === 0 ? found : found.slice(0, most as number);
        return answer(given.length === found.length, given);
      },
      empty: () => answer(true, []),
    });
    bind(recipes, 'ReleaseRecipeHandle', this.#roleOf, { least: 'reader', call: () => [], empty: () => [] });
  }
}

/** One recipe is always active: another is prepared in its place. */
const notOffered = (outputs: readonly ReturnType<typeof scalar>[]) => ({
  least: 'engineer' as const,
  call: (): never => {
    throw new Refusal('notOffered');
  },
  empty: () => outputs,
});
