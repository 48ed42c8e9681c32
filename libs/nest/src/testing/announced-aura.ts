import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_LOG } from '@aura/kernel';
import { openEmbeddedRuntime } from '../runtime/embedded-runtime';
import type { EmbeddedRuntime } from '../runtime/embedded-runtime';

/** An embedded runtime with an open door, announced in a run file, on a folder of its own. */
export class AnnouncedAura {
  private constructor(
    readonly folder: string,
    private opened: EmbeddedRuntime,
  ) {}

  static async open(): Promise<AnnouncedAura> {
    const folder = mkdtempSync(join(tmpdir(), 'aura-announced-'));
    const aura = new AnnouncedAura(folder, await openRuntimeIn(folder));
    aura.#announce();
    return aura;
  }

  get runtime(): EmbeddedRuntime {
    return this.opened;
  }

  get runFile(): string {
    return join(this.folder, 'run.json');
  }

  /** Ends it and starts it again on the same data: another port, another token. `meanwhile`: what happens between. */
  async restart(meanwhile: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    rmSync(this.runFile);
    await this.opened.close();
    await meanwhile();
    this.opened = await openRuntimeIn(this.folder);
    this.#announce();
  }

  async close(): Promise<void> {
    await this.opened.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #announce(): void {
    const record = { pid: process.pid, url: 'http://127.0.0.1:1', door: this.opened.door };
    writeFileSync(this.runFile, JSON.stringify(record));
  }
}

function openRuntimeIn(folder: string): Promise<EmbeddedRuntime> {
  return openEmbeddedRuntime({ dataDir: join(folder, 'data'), log: NO_LOG, door: true });
}
