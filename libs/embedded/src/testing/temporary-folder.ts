import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for one test. */
export class TemporaryFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'aura-embedded-'));

  /** The data file in it. */
  get file(): string {
    return join(this.path, 'aura.db');
  }

  /** What a kill of the owner at this moment would leave behind: the files as they are, without the lock. */
  crashImage(): TemporaryFolder {
    const image = new TemporaryFolder();
    cpSync(this.path, image.path, {
      recursive: true,
      filter: (file) => !/\.(lock|owner|db-shm)$/.test(file),
    });
    return image;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
