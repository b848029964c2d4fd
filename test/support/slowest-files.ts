/** Says at the end of a run which of its test files took longest. */
import { relative } from 'node:path';
import type { Reporter } from 'vitest/node';
import { root } from './compiled.ts';

const SHOWN = 10;

export const slowestFiles: Reporter = {
  onTestRunEnd(modules) {
    if (modules.length <= SHOWN) return;
    const rows = modules
      .map((module) => {
        const { collectDuration, setupDuration, duration } = module.diagnostic();
        return { file: relative(root, module.moduleId), millis: collectDuration + setupDuration + duration };
      })
      .sort((a, b) => b.millis - a.millis)
      .slice(0, SHOWN);
    console.log(`The ${SHOWN} files that took longest, seconds:`);
    for (const { file, millis } of rows) console.log(`${(millis / 1000).toFixed(1).padStart(7)}  ${file}`);
  },
};
