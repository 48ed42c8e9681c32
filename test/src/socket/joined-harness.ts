import { type Embedded, openEmbedded } from '@aura/embedded';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { joinAura, type JoinedAura, type JoinOptions, openDoor, type SocketDoor } from '@aura/socket';

type HostOptions = Omit<Parameters<typeof openEmbedded>[0], 'path'>;

/** An embedded Aura with an open door, on a folder of its own, and processes that have joined it. */
export class JoinedHarness {
  readonly #guests: JoinedAura[] = [];

  private constructor(
    readonly folder: string,
    private readonly options: HostOptions,
    private host: Embedded,
    private door: SocketDoor | undefined,
  ) {}

  /** Opens host and door. */
  static async open(options: HostOptions = {}): Promise<JoinedHarness> {
    const folder = mkdtempSync(join(tmpdir(), 'aura-socket-'));
    const host = await openEmbedded({ path: join(folder, 'aura.db'), ...options });
    return new JoinedHarness(folder, options, host, await openDoor(host));
  }

  get embedded(): Embedded {
    return this.host;
  }

  /** Where the door is now; undefined while it is closed. */
  get address(): SocketDoor['address'] | undefined {
    return this.door?.address;
  }

  /** Another process that joins. */
  async join(options: Partial<JoinOptions> = {}): Promise<JoinedAura> {
    const guest = await joinAura({ locate: () => this.address, ...options });
    this.#guests.push(guest);
    return guest;
  }

  /** Ends the host in good order; it stays away until {@link comeBack}. */
  async goAway(): Promise<void> {
    await this.door?.close();
    this.door = undefined;
    await this.host.close();
  }

  /** Starts the host again on the same data: another port, another token. */
  async comeBack(): Promise<void> {
    this.host = await openEmbedded({ path: join(this.folder, 'aura.db'), ...this.options });
    this.door = await openDoor(this.host);
  }

  async reopen(): Promise<void> {
    await this.goAway();
    await this.comeBack();
  }

  async close(): Promise<void> {
    await Promise.all(this.#guests.map((guest) => guest.close()));
    await this.goAway();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
