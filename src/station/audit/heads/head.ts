/** The head of the audit log as it is noted outside of the records: one object of JSON on a line, whatever carries it. */
import { FelfriError } from '../../../core/errors.ts';
import { type Static, Type, Value } from '../../../core/schema.ts';
import { Hash } from '../../contract/datasets.ts';

export const Head = Type.Object({
  felfri: Type.Literal('audit head'),
  at: Type.String(),
  /** Of the audit log. */
  entries: Type.Integer({ minimum: 0 }),
  head: Hash,
  /** The newest seal of an inspection; heads of before have none. */
  inspections: Type.Optional(Type.Object({ number: Type.Integer({ minimum: 0 }), seal: Hash })),
});
export type Head = Static<typeof Head>;

/** Its heads, from lines that may hold other words ahead of the object, as syslog writes them. Throws OPTION_INVALID where a line has none. */
export function parseHeads(text: string, name: string): Head[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    const head = headIn(line);
    if (head) return [head];
    throw new FelfriError(
      'OPTION_INVALID',
      `line ${i + 1} of ${name} holds no head of an audit log; give the lines that felfri serve --audit-heads wrote, of this station alone`,
      { subject: name },
    );
  });
}

function headIn(line: string): Head | undefined {
  try {
    const found: unknown = JSON.parse(line.slice(line.indexOf('{')));
    return Value.Check(Head, found) ? found : undefined;
  } catch {
    return undefined;
  }
}
