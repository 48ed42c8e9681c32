import { type Embedded, openEmbedded } from '../open-embedded';
import type { EmbeddedOptions } from '../store/options';
import { TemporaryFolder } from './temporary-folder';

/** An embedded adapter on a folder of its own, for tests. */
export class EmbeddedHarness {
  private constructor(
    readonly folder: TemporaryFolder,
    private readonly options: Omit<EmbeddedOptions, 'path'>,
    private opened: Embedded,
  ) {}

  /** Opens one; on a new folder unless one is given. */
  static async open(
    options: Omit<EmbeddedOptions, 'path'> = {},
    folder = new TemporaryFolder(),
  ): Promise<EmbeddedHarness> {
    return new EmbeddedHarness(folder, options, await openEmbedded({ path: folder.file, ...options }));
  }

  get embedded(): Embedded {
    return this.opened;
  }

  /** Another adapter on what a kill at this moment would leave behind. */
  afterKill(): Promise<EmbeddedHarness> {
    return EmbeddedHarness.open(this.options, this.folder.crashImage());
  }

  /** Closes in good order and opens again. */
  async reopen(): Promise<void> {
    await this.opened.close();
    this.opened = await openEmbedded({ path: this.folder.file, ...this.options });
  }

  async close(): Promise<void> {
    await this.opened.close();
    this.folder.remove();
  }
}
