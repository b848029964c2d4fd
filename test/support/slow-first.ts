/**
 * Begins with the files that take longest. Without times of a former run Vitest goes by the size of a file, and a short one that takes a minute
 * would come last, with the other cores idle.
 */
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { root } from './compiled.ts';

/** Those of half a minute and more. The first builds the page; others that need it come when it is there. */
const slow = [
  'test/station.browser.test.ts',
  'test/devices.test.ts',
  'test/cli/compare.test.ts',
  'src/station/records/durability.test.ts',
  'src/station/line/opcua/opcua.test.ts',
  'src/station/line/opcua/signed-in.test.ts',
  'test/cli/resume.test.ts',
  'test/cli/fuse.test.ts',
  'test/training.browser.test.ts',
  'test/line-view.browser.test.ts',
  'test/labelling.browser.test.ts',
];

export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const gone = slow.filter((path) => !existsSync(join(root, path)));
    if (gone.length > 0) throw new Error(`no such tests: ${gone.join(', ')}; correct test/support/slow-first.ts`);
    const place = ({ moduleId, project }: TestSpecification) => {
      const found = slow.indexOf(relative(root, moduleId));
      // then what has a process of its own; the others stay together by project, as a process is handed on only to the next file in order
      return found < 0 ? slow.length + (project.config.isolate ? 0 : 1) : found;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
