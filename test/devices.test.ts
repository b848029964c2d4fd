/** The conformance suite of the devices: each that the machine has must compute what the processor does; the others say why they are left out. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { operatorOf, operatorTable } from '../src/engine/operators/table.ts';
import { type Device, devices, keepsTensors } from '../src/engine/runtime/devices.ts';
import { compiledFile } from './support/compiled.ts';
import type { DeviceTrial } from './support/device-trial.ts';

const run = promisify(execFile);
const script = compiledFile('test/support/device-trial');

/** Debian's Chromium brings a graphics card in software, by which WebGPU can be tried where there is none. */
const [libraries, card] = ['/usr/lib/chromium', '/usr/lib/chromium/vk_swiftshader_icd.json'];
const software: NodeJS.ProcessEnv = existsSync(card) ? { LD_LIBRARY_PATH: libraries, VK_ICD_FILENAMES: card } : {};

async function trial(device: Device, env: NodeJS.ProcessEnv = {}): Promise<DeviceTrial> {
  const { stdout } = await run(process.execPath, [script, device], {
    env: { ...process.env, ...env },
  });
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as DeviceTrial;
}

/** What is tried of each device. */
const everything = [
  ...Object.keys(operatorTable)
    .filter((name) => operatorOf(name as keyof typeof operatorTable).cases.length > 0)
    .map((name) => `operator ${name}`),
  ...['training flow', 'training U-Net', 'inspection flow', 'inspection U-Net'],
];

describe('a device', () => {
  it.each(devices)('%s computes what the processor does, or says why it cannot', async (device) => {
    let found = await trial(device);
    if (found.absent && device === 'webgpu' && existsSync(card)) {
      console.log('webgpu: no graphics card here, so by the one in software that Chromium brings');
      found = await trial(device, software);
    }
    if (found.absent) {
      console.log(`${device} left out: ${found.absent.message}`);
      expect(found.absent.code).toBe('DEVICE_MISSING');
      expect(found.absent.message).toMatch(
        new RegExp(`^unsupported device ${device} here: should be one of .*\\bcpu\\b`),
      );
      expect(device).not.toBe('cpu');
      return;
    }
    expect(Object.keys(found.differences!)).toEqual(everything);
    // float32 in another order; a step of Adam divides by what may be small
    const tooFar = Object.entries(found.differences!).filter(([, difference]) => !(difference <= 2e-3));
    expect(tooFar).toEqual([]);
    expect(found.broken).toEqual([]);
    expect(Object.keys(found.traffic!)).toEqual(['flow', 'U-Net']);
    for (const { sent, fetched, held } of Object.values(found.traffic!)) {
      expect(held.at(-1)).toBe(0);
      if (!keepsTensors(device)) continue;
      // the scalars of the update; loss, norm and two metrics; as many tensors after any step as after the first
      expect(new Set(sent)).toEqual(new Set([3 * 4]));
      expect(new Set(fetched)).toEqual(new Set([4 * 4]));
      expect(new Set(held.slice(0, -1)).size).toBe(1);
    }
  });
});
