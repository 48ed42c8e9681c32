import type { CloudEvent } from '@aura/contracts';
import type { Log } from '@aura/kernel';
import { openEmbedded } from '@aura/embedded';
import type { Embedded } from '@aura/embedded';
import { NO_LOG } from '@aura/kernel';
import { VirtualWorld } from '@aura/kernel/testing';
import type { Delivery, EventBus } from '@aura/messaging';
import { until } from '@aura/messaging/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What was warned of. */
export interface Warning {
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Embedded adapters in a folder of their own, under a time that the test advances. */
export class Ground {
  readonly warnings: Warning[] = [];
  readonly log: Log = {
    ...NO_LOG,
    warn: (message, details = {}) => void this.warnings.push({ message, details }),
  };

  private constructor(
    readonly world: VirtualWorld,
    private readonly folder: string,
    private opened: Embedded,
  ) {}

  static async open(): Promise<Ground> {
    const folder = mkdtempSync(join(tmpdir(), 'aura-ground-'));
    const world = new VirtualWorld();
    return new Ground(world, folder, await openEmbedded({ path: join(folder, 'aura.db'), world }));
  }

  get embedded(): Embedded {
    return this.opened;
  }

  get bus(): EventBus {
    return this.opened.bus;
  }

  /** Closes everything and opens it again on the same data, as a restarted process would. */
  async reopen(): Promise<void> {
    await this.opened.close();
    this.opened = await openEmbedded({ path: join(this.folder, 'aura.db'), world: this.world });
  }

  async close(): Promise<void> {
    await this.opened.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Declares work queues. */
  async queues(...names: readonly string[]): Promise<void> {
    for (const queue of names) await this.bus.declareQueue({ queue, kind: 'work' });
  }

  /** Puts an event into a queue. */
  send(
    queue: string,
    event: CloudEvent,
    headers?: Parameters<EventBus['publish']>[0][number]['headers'],
  ): Promise<void> {
    return this.bus.publish([
      { event, to: [{ kind: 'queue', queue }], ...(headers === undefined ? {} : { headers }) },
    ]);
  }

  /** Takes a queue's deliveries, settling them at once; the list grows as they come. */
  async drain(queue: string): Promise<readonly Delivery[]> {
    const taken: Delivery[] = [];
    await this.bus.consume({
      queue,
      prefetch: 1000,
      handle: (deliveries) => {
        for (const delivery of deliveries) {
          taken.push(delivery);
          delivery.ack();
        }
      },
    });
    return taken;
  }

  /** Waits until a queue holds nothing, neither waiting nor in hand. */
  emptied(queue: string): Promise<void> {
    return until(async () => (await this.bus.depth(queue)) === 0, `${queue} is empty`);
  }
}

/** The event of a delivery. Errors: when it is none. */
export function eventOf(delivery: Delivery | undefined): CloudEvent {
  if (delivery === undefined) throw new Error('there is no such delivery');
  if (!delivery.event.ok) throw new Error(`not an event: ${delivery.event.error.message}`);
  return delivery.event.value;
}
