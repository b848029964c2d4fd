/** A station with outputs, and parts on its record, for tests of the line. */
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Decision } from '../../src/judge/decision.ts';
import type { LineOutput } from '../../src/station/contract/line.ts';
import { findLineFile } from '../../src/station/line/file.ts';
import { Line } from '../../src/station/line/line.ts';
import type { NewInspection } from '../../src/station/records/new-records.ts';
import { newInspection, newRecipe } from './records.ts';
import { startStation, type TestStation } from './station.ts';

export interface TestLine extends TestStation {
  readonly line: Line;
  /** Puts a part on record as an inspection does. */
  record(decision: Decision, change?: Partial<NewInspection>): Promise<NewInspection>;
  /** Of the output by that name, or of the first. */
  told(name?: string): Promise<LineOutput>;
}

/** A port of this machine that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function startLine(
  folder: string,
  outputs: Record<string, object>,
  name = 'press-7',
  sources: Record<string, object> = {},
  parts?: object,
): Promise<TestLine> {
  await writeFile(join(folder, 'line.json'), JSON.stringify({ station: name, sources, outputs, parts }));
  const file = (await findLineFile(undefined, folder))!;
  const test = await startStation(folder);
  const { records } = test.station;
  const line = new Line(file, test.station);
  const known = await records.recipes();
  const recipe = known[0] ?? (await records.addRecipe(newRecipe(), { by: null, at: new Date() }));
  line.begin();
  return {
    ...test,
    line,
    record: async (decision, change = {}) => {
      const wanted = newInspection(recipe.id, { decision, createdAt: new Date().toISOString(), ...change });
      test.station.moments.add(wanted.id, performance.now() - wanted.millis);
      const { inspection } = await records.addInspection(wanted);
      return inspection;
    },
    told: async (name) => {
      const { outputs: all } = await line.told();
      return all.find((one) => name === undefined || one.name === name)!;
    },
    close: async () => {
      await line.close();
      await test.close();
    },
  };
}
