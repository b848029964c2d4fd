/** Methods of the nodesets, bound to what felfri does: who may call them, and how a refusal is told. */
import type { ISessionContext, UAObject } from 'node-opcua-address-space';
import { StatusCodes } from 'node-opcua-status-code';
import type { Variant } from 'node-opcua-variant';
import { FelfriError } from '../../../core/errors.ts';
import type { Role } from '../../contract/access.ts';
import { type MethodError, methodErrors } from './codes.ts';
import { scalar } from './values.ts';

const ranks: Readonly<Record<Role, number>> = { operator: 0, engineer: 1, admin: 2 };

/** What a method gives before its `Error`; `failed`: what its other outputs are then. */
interface Bound {
  readonly least: Role | 'reader';
  /** The inputs' values. Gives the outputs but for `Error`; throws a Refusal. */
  readonly call: (
    inputs: readonly unknown[],
    context: ISessionContext,
  ) => Promise<readonly Variant[]> | readonly Variant[];
  readonly empty: () => readonly Variant[];
}

/** Told by `Error`. */
export class Refusal extends Error {
  readonly reason: MethodError;

  constructor(reason: MethodError) {
    super(methodErrors[reason][1]);
    this.reason = reason;
  }
}

/** What the station refused, as a method tells it. */
function reasonOf(error: unknown): MethodError {
  if (error instanceof Refusal) return error.reason;
  const code = error instanceof FelfriError ? error.code : null;
  if (code === 'NOT_FOUND') return 'unknown';
  return code === 'CONFLICT' ? 'ambiguous' : 'failed';
}

export type RoleOf = (context: ISessionContext) => Role | null;
/** Of a sign-in, as the station knows it; null for who came without a name. */
export type SignInOf = (context: ISessionContext) => number | null;

/** `hasError`: whether the last output is `Error`. */
export function bind(object: UAObject, name: string, roleOf: RoleOf, bound: Bound, hasError = true): void {
  const method = object.getMethodByName(name);
  if (!method) throw new Error(`the nodeset has no method ${name} of ${object.browseName.toString()}`);
  const isAllowed = (context: ISessionContext): boolean => {
    const role = roleOf(context);
    return role !== null && (bound.least === 'reader' || ranks[role] >= ranks[bound.least]);
  };
  method.bindMethod((inputs, context, callback) => {
    if (!isAllowed(context)) return callback(null, { statusCode: StatusCodes.BadUserAccessDenied });
    const answer = async (): Promise<void> => {
      const values = inputs.map(({ value }) => value as unknown);
      const told = (reason: MethodError): readonly Variant[] =>
        hasError ? [scalar('Int32', methodErrors[reason][0])] : [];
      const outputs = await Promise.resolve()
        .then(async () => [...(await bound.call(values, context)), ...told('ok')])
        .catch((error: unknown) => [...bound.empty(), ...told(reasonOf(error))]);
      callback(null, { statusCode: StatusCodes.Good, outputArguments: outputs });
    };
    void answer();
  });
}
