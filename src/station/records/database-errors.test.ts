import pg from 'pg';
import { expect, it } from 'vitest';
import { recordsError } from './database-errors.ts';

it('takes a connection that ended between two questions for a database that does not answer', async () => {
  const client = new pg.Client({ host: '127.0.0.1' });
  await client.end();
  const error = await client.query('select 1').catch((e: unknown) => e);
  expect(error).toMatchObject({ message: 'Client was closed and is not queryable' });
  expect(recordsError(error)).toMatchObject({ code: 'RECORDS_UNAVAILABLE' });
});
