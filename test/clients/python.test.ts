/** A Python client that is generated from the station's own document, as an integrator would make one, inspects a part. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('python.sh', import.meta.url));

// .ci/run makes the environment where PyPI answers, and says so where it does not
it.runIf(process.env['FELFRI_TEST_PYTHON'])('inspects a part by a generated Python client', () => {
  const { status, stdout, stderr } = spawnSync('bash', [script], { encoding: 'utf8', timeout: 110_000 });
  // the generator warns there of content types that it leaves out
  expect(status, stderr).toBe(0);
  expect(stdout).toMatch(/\b(OK|REVIEW|NG)\b/);
});
