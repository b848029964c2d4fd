/** The versions that run records and bundles state. */
import { createRequire } from 'node:module';
import { arch, cpus, platform } from 'node:os';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** felfri's own version. */
export const felfriVersion: string = version;

/** Name and version of everything that numbers depend on. */
export function softwareVersions(onnxruntime: string): Record<string, string> {
  return {
    felfri: felfriVersion,
    onnxruntime,
    node: process.versions.node,
    platform: `${platform()} ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
  };
}
