/** The sources and outputs of the line. */
import { FelfriError } from '../../../core/errors.ts';
import type { Line } from '../../line/line.ts';
import type { HandlersOf } from '../mount.ts';

/** `line` is null where no file names any. */
export function lineHandlers(line: Line | null): HandlersOf<'line'> {
  const there = (): Line => {
    if (line) return line;
    throw new FelfriError('NOT_FOUND', 'this station has neither sources nor outputs: there is no line.json');
  };
  return {
    getLine: () => line?.told() ?? { station: null, state: null, sources: [], outputs: [] },
    listLineParts: async ({ params, query }) => ({ parts: await there().parts(params.id, query) }),
    checkOutput: ({ params }) => there().check(params.id),
    triggerSource: ({ params, query }) => there().trigger(params.id, query),
    checkSource: ({ params }) => there().checkSource(params.id),
  };
}
