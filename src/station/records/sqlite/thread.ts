/** Entry point of a thread that holds one connection to SQLite, so that waiting for a lock or the disk stops nobody else. */
import { workerData } from 'node:worker_threads';
import { answerQuestions } from '../../../engine/workers/questions.ts';
import { SqliteConnection } from './connection.ts';
import type { ConnectionSettings, Tasks } from './messages.ts';

const connection = new SqliteConnection(workerData as ConnectionSettings);

answerQuestions<Tasks>({
  run: (statement) => connection.run(statement),
  begin: async () => connection.begin(),
  commit: async () => {
    connection.commit();
    return connection.isMoveDue;
  },
  rollback: async () => connection.rollback(),
  mark: async () => connection.mark(),
  moved: async (isWhole) => connection.moved(isWhole),
  close: async () => connection.close(),
});
