/** Users: who may do what, as an admin says. */
import { NewUser, UserChange, UserList } from '../users.ts';
import type { Rows } from './endpoint.ts';

export const userRows = {
  listUsers: { least: 'admin', summary: 'All users with their roles and the labels of their tokens', answer: UserList },
  addUser: {
    least: 'admin',
    summary: 'Add a user',
    description: 'The first must be an admin; it closes a station that was open to this machine until then.',
    body: NewUser,
    answer: UserList,
    status: 201,
    refuses: ['CONFLICT', 'OPTION_INVALID', 'TOO_BUSY'],
    perMinute: 30,
  },
  changeUser: {
    least: 'admin',
    summary: 'Give a user another role or password',
    description: 'Another password ends the sessions and tokens of the user. One admin stays.',
    body: UserChange,
    answer: UserList,
    refuses: ['CONFLICT', 'OPTION_INVALID', 'TOO_BUSY'],
    perMinute: 30,
  },
  removeUser: {
    least: 'admin',
    summary: 'Remove a user with sessions and tokens; the name stays in the records',
    answer: UserList,
    refuses: ['CONFLICT'],
  },
} as const satisfies Rows<'users'>;
