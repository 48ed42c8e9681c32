import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded, type Embedded } from '../open-embedded';
import type { EmbeddedOptions } from '../store/options';

/** An embedded adapter on a folder of its own, for tests. */
export class EmbeddedHarness {
  private constructor(
    readonly folder: string,
    private readonly options: Omit<EmbeddedOptions, 'path'>,
    private opened: Embedded,
  ) {}

  static async open(options: Omit<EmbeddedOptions, 'path'> = {}): Promise<EmbeddedHarness> {
    const folder = mkdtempSync(join(tmpdir(), 'aura-embedded-'));
    const embedded = await openEmbedded({ path: join(folder, 'aura.db'), ...options });
    return new EmbeddedHarness(folder, options, embedded);
  }

  get embedded(): Embedded {
    return this.opened;
  }

  async reopen(): Promise<void> {
    await this.opened.close();
    this.opened = await openEmbedded({ path: join(this.folder, 'aura.db'), ...this.options });
  }

  async close(): Promise<void> {
    await this.opened.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
