/** What is said where a device does not take a model. */
import { FelfriError } from '../../core/errors.ts';
import { type Device, devices } from './devices.ts';

/** Loads the model in question onto a device and lets it go again, or throws what onnxruntime throws. */
type Attempt = (device: Device) => Promise<void>;

const reason = (error: Error): string => error.message.trim().split('\n').at(-1)!;

async function takes(attempt: Attempt, device: Device): Promise<boolean> {
  try {
    await attempt(device);
    return true;
  } catch {
    return false;
  }
}

/** The error of a model that a device did not take: DEVICE_MISSING, or the model's own where the processor does not take it either. */
export async function deviceError(attempt: Attempt, device: Device, error: Error): Promise<Error> {
  const usable: Device[] = [];
  for (const other of devices) if (other !== device && (await takes(attempt, other))) usable.push(other);
  if (!usable.includes('cpu')) return error;
  const why = reason(error).split(' was false. ').at(-1)!;
  return new FelfriError(
    'DEVICE_MISSING',
    `unsupported device ${device} here: should be one of ${usable.join(', ')} (onnxruntime: ${why})`,
    { subject: 'device', cause: error },
  );
}
