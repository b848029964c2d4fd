/** Users of a station: listed, added, changed and removed by an admin, and the password that each changes alone. */
import { type Static, Type } from '../../core/schema.ts';
import { Role } from './access.ts';
import { Time } from './common.ts';

/** Of small letters, so that nobody is asked for the right case. */
export const UserName = Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{0,63}$' });

/** Its length is checked with a message that says what is legal. */
const Password = Type.String({ minLength: 1, maxLength: 1000 });

const UserEntry = Type.Object({
  name: Type.String(),
  role: Role,
  createdAt: Time,
  /** Labels of the tokens by which programs act as this user. */
  tokens: Type.Array(Type.String()),
});

/** GET /api/users, by name; each of the other calls answers with it. */
export const UserList = Type.Object({ users: Type.Array(UserEntry) });
export type UserList = Static<typeof UserList>;

/** POST /api/users -> 201. The first is an admin, and closes a station that was open until then. */
export const NewUser = Type.Object({ name: UserName, role: Role, password: Password }, { additionalProperties: false });

/** PATCH /api/users/{user}. Another password ends the user's sessions and tokens. */
export const UserChange = Type.Object(
  { role: Type.Optional(Role), password: Type.Optional(Password) },
  { additionalProperties: false },
);

/** PUT /api/session/password: the present one, and another. Ends all other sessions of the user, and the tokens. */
export const PasswordChange = Type.Object({ password: Password, another: Password }, { additionalProperties: false });
