/** Compiles and runs a graph once: for tests, and for small computations that are not worth a session of their own. */
import type { Value } from './graph.ts';
import { toOnnx } from './onnx/writer.ts';
import { type Feeds, type Fetches, Session, type SessionOptions } from './runtime/onnxruntime.ts';

/** Values of the named outputs for the given feeds. */
export async function runGraph(
  outputs: Readonly<Record<string, Value>>,
  feeds: Feeds,
  options: SessionOptions = {},
): Promise<Fetches> {
  const session = await Session.create(toOnnx(outputs), options);
  try {
    return await session.run(feeds, Object.keys(outputs));
  } finally {
    await session.release();
  }
}
