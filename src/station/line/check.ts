/** The row of an output, and the test of outputs and sources. */
import type { LineCheck } from '../contract/line.ts';
import type { ConnectorRow } from './connector.ts';
import type { OutputSettings } from './file.ts';
import { connectors } from './table.ts';

const CHECK_MILLIS = 10_000;

/** The row of an output with its types forgotten: its settings were checked against it. */
export const rowOf = ({ kind }: OutputSettings) => connectors[kind] as unknown as ConnectorRow<Record<never, never>>;

/** What a test came to. Never throws. */
export async function checked(test: (signal: AbortSignal) => Promise<string>): Promise<LineCheck> {
  const start = performance.now();
  const found = await test(AbortSignal.timeout(CHECK_MILLIS)).then(
    (message) => ({ ok: true, message }),
    (error: unknown) => ({ ok: false, message: (error as Error).message }),
  );
  return { ...found, millis: performance.now() - start };
}

/** Tries an output's other side. Never throws. */
export const checkOutput = (output: OutputSettings): Promise<LineCheck> =>
  checked((signal) => rowOf(output).check(output.settings, signal));
