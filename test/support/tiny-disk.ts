/** A disk of few megabytes that a test can fill, where this process may mount one. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const mount = (folder: string, megabytes: number) =>
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });

export class TinyDisk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** undefined where mounting is not permitted. */
  static make(megabytes: number): TinyDisk | undefined {
    const folder = mkdtempSync(join(tmpdir(), 'felfri-disk-'));
    try {
      mount(folder, megabytes);
      return new TinyDisk(folder);
    } catch {
      rmdirSync(folder);
      return undefined;
    }
  }

  /** Leaves not a block free. */
  async fill(): Promise<void> {
    for (let i = 0; ; i++) {
      const { bavail, bsize } = await statfs(this.folder);
      if (bavail === 0) return;
      await writeFile(join(this.folder, `filler-${i}`), Buffer.alloc(bavail * bsize)).catch(() => undefined);
    }
  }

  async free(): Promise<void> {
    for (let i = 0; i < 10; i++) await rm(join(this.folder, `filler-${i}`), { force: true });
  }

  /** Also where a test that failed left something open on it. */
  end(): void {
    execFileSync('umount', ['-l', this.folder], { stdio: 'ignore' });
    rmdirSync(this.folder);
  }
}
