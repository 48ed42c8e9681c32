import { NO_LOG } from '@aura/kernel';
import type { Log } from '@aura/kernel';
import { someEvent } from '@aura/messaging/testing';
import { type AmqpBus, connectAmqp } from '../amqp-bus';
import type { AmqpOptions } from '../options';
import { OwnBroker } from './own-broker';
import { TcpProxy } from './tcp-proxy';

/** What is published without end until told to stop. */
export interface Load {
  /** Ids that were confirmed so far. */
  readonly confirmed: readonly string[];
  /** Ends it; answers all confirmed ids. Fails when a publish failed. */
  stop(): Promise<readonly string[]>;
}

/** A broker of one's own, buses and proxies in front of it; the two kinds are closed after each case. */
export class FaultHarness {
  readonly #buses: AmqpBus[] = [];
  readonly #proxies: TcpProxy[] = [];
  #broker: OwnBroker | undefined;
  #queues = 0;

  /** Starts the broker. */
  async start(): Promise<OwnBroker> {
    this.#broker = await OwnBroker.start();
    return this.#broker;
  }

  get #url(): string {
    if (!this.#broker) throw new Error('the broker was not started');
    return this.#broker.url;
  }

  /** A bus on the broker. */
  async open(more: Partial<AmqpOptions> = {}, log: Log = NO_LOG): Promise<AmqpBus> {
    const bus = await connectAmqp({ url: this.#url, instance: 'fault', ...more }, log);
    this.#buses.push(bus);
    return bus;
  }

  /** A bus that reaches the broker by a proxy of its own, as the user of a URL where one is given. */
  async proxied(
    more: Partial<AmqpOptions> = {},
    log: Log = NO_LOG,
  ): Promise<{ readonly bus: AmqpBus; readonly proxy: TcpProxy }> {
    const proxy = await TcpProxy.open(this.#url);
    this.#proxies.push(proxy);
    return { proxy, bus: await this.open({ ...more, url: proxy.through(more.url ?? this.#url) }, log) };
  }

  /** A fresh work queue. */
  async workQueue(bus: AmqpBus): Promise<string> {
    this.#queues += 1;
    const queue = `fault.${this.#queues}`;
    await bus.declareQueue({ queue, kind: 'work' });
    return queue;
  }

  /** Publishes one event after the other. */
  keepPublishing(bus: AmqpBus, queue: string): Load {
    const confirmed: string[] = [];
    let isStopped = false;
    const loop = (async () => {
      for (let i = 0; !isStopped; i += 1) {
        await publish(bus, queue, `e${i}`);
        confirmed.push(`e${i}`);
      }
    })();
    const stop = async () => {
      isStopped = true;
      await loop;
      return confirmed;
    };
    return { confirmed, stop };
  }

  async closeAll(): Promise<void> {
    await Promise.all(this.#buses.splice(0).map((bus) => bus.close()));
    await Promise.all(this.#proxies.splice(0).map((proxy) => proxy.close()));
  }
}

/** Publishes one small event to a queue. */
export function publish(bus: AmqpBus, queue: string, id: string): Promise<void> {
  return bus.publish([{ event: someEvent(id), to: [{ kind: 'queue', queue }] }]);
}
