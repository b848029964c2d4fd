/** Tensors of a file of weights, in whichever of the forms that libraries publish them in; no code in it is run. */
import { readFile } from 'node:fs/promises';
import { FelfriError } from '../../core/errors.ts';
import { readSafetensors } from '../../core/safetensors.ts';
import type { NamedTensors } from '../../core/tensor.ts';
import { isTorchFile, readTorchTensors } from '../../core/torch-file.ts';
import { fileInZip, isZip } from '../../core/zip.ts';

/** No EfficientNet is near this. */
const MOST_BYTES = 2 ** 30;

/** Of a safetensors file, of a .pth file as PyTorch wrote them before 1.6, or of a wheel that has one. Throws TENSOR_FILE. */
export async function readWeights(path: string): Promise<NamedTensors> {
  const file = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new FelfriError('TENSOR_FILE', `${path}: cannot be read (${error.code ?? error.message}); check the path`, {
      subject: path,
      cause: error,
    });
  });
  if (isTorchFile(file)) return readTorchTensors(file, path);
  if (!isZip(file)) return (await readSafetensors(path)).tensors;
  const fail = (what: string): never => {
    throw new FelfriError('TENSOR_FILE', `${path}: ${what}; get the file again`, { subject: path });
  };
  const within = fileInZip(file, (name) => name.endsWith('.pth'), { most: MOST_BYTES, fail });
  if (!within)
    return fail(
      'is an archive without a .pth file of weights; give safetensors, or a .pth file that PyTorch wrote before 1.6',
    );
  return readTorchTensors(within, path);
}
