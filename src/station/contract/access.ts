/** Who may do what: roles, users and their sessions. */
import { type Static, Type } from '../../core/schema.ts';
import { Time } from './common.ts';

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

/** A session by which somebody is signed in. */
export const OpenSession = Type.Object({
  id: Type.String(),
  /** Null: by the token of the station. */
  user: Type.Union([Type.String(), Type.Null()]),
  /** From which it was opened. */
  address: Type.String(),
  openedAt: Time,
  /** When it was used last, to a minute. */
  seenAt: Time,
  until: Time,
  /** Whether it is the one that asks. */
  own: Type.Boolean(),
});
export type OpenSession = Static<typeof OpenSession>;

/** GET /api/sessions: an admin's answer has those of all, another user's their own; newest first. */
export const SessionList = Type.Object({ sessions: Type.Array(OpenSession) });

/** A token by which a program acts as a user. */
export const AccessToken = Type.Object({
  id: Type.String(),
  user: Type.String(),
  label: Type.String(),
  createdAt: Time,
  /** To ten minutes; null: never. */
  usedAt: Type.Union([Time, Type.Null()]),
});
export type AccessToken = Static<typeof AccessToken>;

/** GET /api/tokens, likewise; by user and label. */
export const TokenList = Type.Object({ tokens: Type.Array(AccessToken) });

/** GET /api/session, open to anyone; DELETE /api/session ends the session, 204. */
export const SessionState = Type.Object({
  /** What the station wants before it answers this browser. */
  wants: Type.Union([Type.Literal('nothing'), Type.Literal('token'), Type.Literal('password')]),
  /** Who is signed in; null where nobody is, or need be. */
  person: Type.Union([Person, Type.Null()]),
  /** Whether this browser's session was opened by the token of the station. */
  byToken: Type.Boolean(),
  /** Seconds without a request after which a session ends. */
  idleSeconds: Type.Number(),
});
export type SessionState = Static<typeof SessionState>;
