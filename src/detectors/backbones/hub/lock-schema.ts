/** What a lock file of backbones holds; loaded when there is one, so that an inspection starts without the library of schemas. */
import { type Static, Type, Value } from '../../../core/schema.ts';

const Pin = Type.Object({
  repository: Type.String(),
  /** Commit that the revision stood for; null when the hub did not say, or the file was brought by hand. */
  commit: Type.Union([Type.String({ pattern: '^[0-9a-f]{40}$' }), Type.Null()]),
  file: Type.String(),
  bytes: Type.Integer({ minimum: 0 }),
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
});

const LockFile = Type.Object({
  version: Type.Literal(1),
  backbones: Type.Record(Type.String(), Pin),
});

/** What a name stands for, from the first use on. */
export type Pin = Static<typeof Pin>;

/** Every pin by the backbone's name; undefined where the value is no lock file. */
export function pinsOf(value: unknown): Readonly<Record<string, Pin>> | undefined {
  return Value.Check(LockFile, value) ? value.backbones : undefined;
}
