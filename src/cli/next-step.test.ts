import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { nextStep } from './next-step.ts';

it('names the folder as one word, whatever it is called', () => {
  expect(nextStep.dataCheck('photos/')).toBe('Next: npx felfri train flow photos/ -o bundles/flow');
  const odd = "Ada's photos; $HOME";
  const line = nextStep.calibrate(odd, 'photos').replace('Next: npx felfri', "printf '%s\\n'");
  expect(execFileSync('sh', ['-c', line], { encoding: 'utf8' }).split('\n')).toEqual(['evaluate', odd, 'photos', '']);
});
