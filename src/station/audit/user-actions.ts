/** Actions of the audit log that are about users: their accounts, sessions and tokens. */
import type { AuditActionRow } from './action-row.ts';
import type { AuditAction, AuditDetails } from './details.ts';
import { quoted } from './words.ts';

type UserAction = Extract<AuditAction, `user.${string}`>;

export const userActions: { readonly [A in UserAction]: AuditActionRow<AuditDetails[A]> } = {
  'user.added': {
    means: 'a user was added',
    about: 'user',
    tell: ({ by, subject, detail: { role } }) => `${by} added the user ${subject} as ${role}.`,
  },
  'user.role': {
    means: 'a user got another role',
    about: 'user',
    tell: ({ by, subject, detail: { before, after } }) => `${by} made the user ${subject} ${after}, before ${before}.`,
  },
  'user.password': {
    means: "a user's password was set, which ends sessions and tokens",
    about: 'user',
    tell: ({ by, subject }) => `${by} set the password of the user ${subject}.`,
  },
  'user.removed': {
    means: 'a user was removed with tokens and sessions',
    about: 'user',
    tell: ({ by, subject, detail: { role } }) => `${by} removed the user ${subject}, ${role}.`,
  },
  'user.signed in': {
    means: 'somebody signed in by a password, or by the token of the station',
    about: 'user',
    tell: ({ subject, detail: { address } }) => `Somebody signed in as ${subject} from ${address}.`,
  },
  'user.sign-in refused': {
    means: 'a password or the token of the station was wrong',
    about: 'user',
    tell: ({ subject, detail: { address } }) =>
      `Somebody tried to sign in as ${quoted(subject)} from ${address} and was refused.`,
  },
  'user.signature refused': {
    means: 'the password that was to sign for a recipe was wrong',
    about: 'user',
    tell: ({ subject, detail: { address, recipe }, names }) =>
      `Somebody tried to sign as ${subject} for the recipe ${quoted(names.get(recipe) ?? recipe)} from ${address}, and the password was wrong.`,
  },
  'user.session ended': {
    means: 'a session was ended from the list of sessions',
    about: 'user',
    tell: ({ by, subject, detail: { address } }) => `${by} ended the session of ${subject} from ${address}.`,
  },
  'user.token added': {
    means: 'a token was made for a user',
    about: 'user',
    tell: ({ by, subject, detail: { label } }) => `${by} gave the user ${subject} a token, ${quoted(label)}.`,
  },
  'user.token revoked': {
    means: 'a token was made worthless',
    about: 'user',
    tell: ({ by, subject, detail: { label } }) => `${by} revoked the token ${quoted(label)} of the user ${subject}.`,
  },
};
