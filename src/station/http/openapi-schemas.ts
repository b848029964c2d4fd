/** The contract's shapes as named schemas of an OpenAPI document: each is called as the contract exports it. */
import type { TSchema } from '../../core/schema.ts';
import * as access from '../contract/access.ts';
import * as audit from '../contract/audit.ts';
import * as common from '../contract/common.ts';
import * as comparisons from '../contract/comparisons.ts';
import * as dataSets from '../contract/datasets.ts';
import * as drift from '../contract/drift.ts';
import { examples } from '../contract/examples.ts';
import * as inspections from '../contract/inspections.ts';
import * as life from '../contract/life.ts';
import * as line from '../contract/line.ts';
import * as notInspected from '../contract/not-inspected.ts';
import * as products from '../contract/products.ts';
import * as recipes from '../contract/recipes.ts';
import * as releases from '../contract/releases.ts';
import * as replays from '../contract/replays.ts';
import * as shadows from '../contract/shadows.ts';
import * as station from '../contract/station.ts';
import * as statistics from '../contract/statistics.ts';
import * as studies from '../contract/studies.ts';
import * as training from '../contract/training.ts';
import * as trainingSettings from '../contract/training-settings.ts';
import * as tuning from '../contract/tuning.ts';
import * as users from '../contract/users.ts';

export type JsonObject = { readonly [key: string]: unknown };

export const contract: Readonly<Record<string, TSchema>> = {
  ...access,
  ...audit,
  ...common,
  ...comparisons,
  ...dataSets,
  ...drift,
  ...inspections,
  ...life,
  ...line,
  ...notInspected,
  ...products,
  ...recipes,
  ...releases,
  ...replays,
  ...shadows,
  ...station,
  ...statistics,
  ...studies,
  ...training,
  ...trainingSettings,
  ...tuning,
  ...users,
};

/** Keywords of JSON Schema as far as the contract uses them. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

const isChoice = ({ anyOf }: Schema): boolean => anyOf?.every((one) => typeof one.const === 'string') ?? false;

/** Objects, choices of words and unions of objects have names; what is only bounded or nullable stands where it is used. */
function deservesName(schema: Schema): boolean {
  const { type, anyOf } = schema;
  return type === 'object' || schema.enum !== undefined || (anyOf?.every((one) => one.type !== 'null') ?? false);
}

const named = Object.entries(contract).filter(([, schema]) => deservesName(schema as Schema));
const names = new Map<Schema, string>(named.map(([name, schema]) => [schema as Schema, name]));

/** An optional choice is a copy of the choice. */
const choiceNames = new Map(
  named
    .filter(([, schema]) => (schema as Schema).type !== 'object')
    .map(([name, schema]) => [JSON.stringify(schema), name]),
);

/** The named schemas that were asked for, and those within them. */
export class NamedSchemas {
  readonly #found = new Map<string, JsonObject>();

  /** A reference, or the schema itself where it has no name. */
  of(given: TSchema): JsonObject {
    return this.#of(given as Schema);
  }

  #of(schema: Schema): JsonObject {
    const name = names.get(schema) ?? choiceNames.get(JSON.stringify(schema));
    if (name === undefined) return this.#spelled(schema);
    if (!this.#found.has(name)) {
      this.#found.set(name, {});
      const example = (examples as Readonly<Record<string, unknown>>)[name];
      this.#found.set(name, { ...this.#spelled(schema), ...(example !== undefined && { examples: [example] }) });
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  #spelled(schema: Schema): JsonObject {
    const { anyOf, items, properties, ...rest } = schema;
    if (anyOf && isChoice(schema)) return { ...rest, type: 'string', enum: anyOf.map((one) => one.const) };
    if (schema.enum) return { ...rest, type: 'string' };
    return {
      ...rest,
      ...(anyOf && { anyOf: this.#branches(anyOf) }),
      ...(items && { items: this.#of(items) }),
      ...(properties && {
        properties: Object.fromEntries(Object.entries(properties).map(([key, of]) => [key, this.#of(of)])),
      }),
    };
  }

  /** Words beside null become one branch. */
  #branches(anyOf: readonly Schema[]): JsonObject[] {
    const words = anyOf.filter((one) => typeof one.const === 'string');
    const others = anyOf.filter((one) => typeof one.const !== 'string').map((one) => this.#of(one));
    return words.length === 0 ? others : [this.#spelled({ anyOf: words }), ...others];
  }

  /** By name, sorted. */
  all(): JsonObject {
    return Object.fromEntries([...this.#found].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
