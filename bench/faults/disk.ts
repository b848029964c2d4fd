/** The disk that a run works on: a small one in memory, which can be filled to the last block. */
import { execFileSync } from 'node:child_process';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const MEGABYTES = 400;

export class Disk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** What an ended run left mounted there is found again. Throws where nothing may be mounted. */
  static async mount(folder: string): Promise<Disk> {
    await mkdir(folder, { recursive: true });
    try {
      execFileSync('mountpoint', ['-q', folder]);
    } catch {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m,mode=755`, 'tmpfs', folder]);
    }
    const disk = new Disk(folder);
    await disk.free();
    return disk;
  }

  /** Leaves not a block free. */
  async fill(): Promise<void> {
    for (let i = 0; i < 20; i++) {
      const { bavail, bsize } = await statfs(this.folder);
      if (bavail === 0) return;
      await writeFile(join(this.folder, `filler-${i}`), Buffer.alloc(bavail * bsize)).catch(() => undefined);
    }
  }

  async free(): Promise<void> {
    for (let i = 0; i < 20; i++) await rm(join(this.folder, `filler-${i}`), { force: true });
  }

  end(): void {
    execFileSync('umount', ['-l', this.folder]);
  }
}
