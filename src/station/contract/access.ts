/** Who may do what: roles, users and their sessions. */
import { type Static, Type } from '../../core/schema.ts';

/** Each may do what those before it may. operator: inspects and judges parts; engineer: changes recipes and data; admin: all. */
export const Role = Type.Union([Type.Literal('operator'), Type.Literal('engineer'), Type.Literal('admin')]);
export type Role = Static<typeof Role>;

export const Person = Type.Object({ name: Type.String(), role: Role });
export type Person = Static<typeof Person>;

/** POST /api/session: changes a password, or a token, for a cookie. 200 with a SessionState; 401 UNAUTHORISED; 429 after ten tries a minute. */
export const SessionRequest = Type.Union([
  Type.Object({ token: Type.String({ minLength: 1, maxLength: 200 }) }, { additionalProperties: false }),
  Type.Object(
    { name: Type.String({ minLength: 1, maxLength: 100 }), password: Type.String({ minLength: 1, maxLength: 1000 }) },
    { additionalProperties: false },
  ),
]);
export type SessionRequest = Static<typeof SessionRequest>;

/** GET /api/session, open to anyone; DELETE /api/session ends the session, 204. */
export const SessionState = Type.Object({
  /** What the station wants before it answers this browser. */
  wants: Type.Union([Type.Literal('nothing'), Type.Literal('token'), Type.Literal('password')]),
  /** Who is signed in; null where nobody is, or need be. */
  person: Type.Union([Person, Type.Null()]),
});
export type SessionState = Static<typeof SessionState>;
