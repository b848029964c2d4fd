/** What a station does not have. */
import { FelfriError } from '../core/errors.ts';

/** A NOT_FOUND that says where those that are can be seen, such as notFound('recipe', id, '/api/recipes'). */
export const notFound = (what: string, id: string, listedAt: string): FelfriError =>
  new FelfriError('NOT_FOUND', `there is no ${what} ${id}; GET ${listedAt} lists those that are`, { subject: id });
