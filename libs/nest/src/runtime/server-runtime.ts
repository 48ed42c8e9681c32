import { systemWorld } from '@aura/embedded';
import { NO_METER } from '@aura/kernel';
import type { Log, Meter } from '@aura/kernel';
import { ObservedBus, payloadBus } from '@aura/messaging';
import type { EventBus } from '@aura/messaging';
import type { MongoStores } from '@aura/mongo';
import type { RedisStores } from '@aura/redis';
import type { Dependency } from '../health/dependency';
import { asLog } from '../line-log';
import type { WriteLine } from '../line-log';
import { AwaitedConnection } from './awaited-connection';
import type { AuraRuntime, OwnStores, WorkLimits } from './runtime';
import type { ServerEnvironment } from './server-environment';
import { mongodbOf, rabbitmqOf, redisOf } from './server-targets';

/** How a runtime on servers is made. */
export interface ServerRuntimeOptions {
  /** The one service of this process: its servers are told as dependencies from the beginning. */
  readonly service?: string;
  readonly limits?: WorkLimits;
  /** Default: nobody counts. */
  readonly meter?: Meter;
}

interface ServiceConnections {
  readonly mongodb: AwaitedConnection<MongoStores>;
  readonly redis: AwaitedConnection<RedisStores>;
  opened?: Promise<OwnStores>;
}

/** The servers of a process: first waited for, then in use. */
export class ServerConnections {
  private readonly log: Log;
  private readonly bus: AwaitedConnection<EventBus>;
  private readonly shared: AwaitedConnection<MongoStores>;
  private readonly services = new Map<string, ServiceConnections>();
  private readonly closing: (() => Promise<void>)[] = [];

  constructor(
    private readonly environment: ServerEnvironment,
    log: Log | WriteLine,
    private readonly options: ServerRuntimeOptions = {},
  ) {
    this.log = asLog(log);
    this.bus = new AwaitedConnection(rabbitmqOf(environment, this.log), this.log);
    this.shared = new AwaitedConnection(mongodbOf(environment, 'shared', 'payloads'), this.log);
    if (options.service !== undefined) this.connectionsOf(options.service);
  }

  /** What is connected to, or waited for. */
  dependencies(): readonly Dependency[] {
    const own = [...this.services.values()].flatMap(({ mongodb, redis }) => [mongodb, redis]);
    return [this.bus, ...own, this.shared];
  }

  /**
   * Waits until every server is there. Errors: `UnsafeSetupError` for what waiting does not mend, and the reason of an
   * abort; what was opened is closed then.
   */
  async open(signal: AbortSignal): Promise<AuraRuntime> {
    const { service } = this.options;
    const opening = new Together(signal);
    const bus = opening.add((stop) => this.kept(this.bus, stop));
    const shared = opening.add((stop) => this.kept(this.shared, stop));
    if (service !== undefined) void opening.add((stop) => this.stores(service, stop));
    try {
      await opening.done();
      return this.runtime(await bus, await shared, signal);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  private runtime(bus: EventBus, shared: MongoStores, signal: AbortSignal): AuraRuntime {
    const { limits, meter = NO_METER } = this.options;
    const world = systemWorld();
    const observed = new ObservedBus(bus, { system: 'rabbitmq', clock: world.clock, meter });
    return {
      mode: 'servers',
      instance: this.environment.instance,
      bus: payloadBus(observed, shared.claims),
      leases: shared.leases,
      claims: shared.claims,
      world,
      log: this.log,
      meter,
      ...(limits === undefined ? {} : { limits }),
      dependencies: () => this.dependencies(),
      stores: (service) => this.stores(service, signal),
      close: () => this.close(),
    };
  }

  private stores(service: string, signal: AbortSignal): Promise<OwnStores> {
    const connections = this.connectionsOf(service);
    connections.opened ??= this.openStores(service, connections, signal);
    return connections.opened;
  }

  private async openStores(
    service: string,
    { mongodb, redis }: ServiceConnections,
    signal: AbortSignal,
  ): Promise<OwnStores> {
    const opening = new Together(signal);
    const own = opening.add((stop) => this.kept(mongodb, stop));
    const fast = opening.add((stop) => this.kept(redis, stop));
    await opening.done();
    const stores = await own;
    return { journal: stores.journal(service), views: stores.views(service), fast: await fast };
  }

  private connectionsOf(service: string): ServiceConnections {
    const known = this.services.get(service);
    if (known !== undefined) return known;
    const suffix = service === this.options.service ? '' : `/${service}`;
    const made: ServiceConnections = {
      mongodb: new AwaitedConnection(mongodbOf(this.environment, service, `mongodb${suffix}`), this.log),
      redis: new AwaitedConnection(redisOf(this.environment, service, `redis${suffix}`), this.log),
    };
    this.services.set(service, made);
    return made;
  }

  private kept<T>(connection: AwaitedConnection<T>, signal: AbortSignal): Promise<T> {
    this.closing.unshift(() => connection.close());
    return connection.open(signal);
  }

  private async close(): Promise<void> {
    for (const close of this.closing.splice(0)) await close();
  }
}

/** Work done at once: the first failure aborts the rest, and is told when all of it has ended. */
class Together {
  private readonly failed = new AbortController();
  private readonly all: Promise<unknown>[] = [];

  constructor(private readonly signal: AbortSignal) {}

  add<T>(work: (stop: AbortSignal) => Promise<T>): Promise<T> {
    const working = work(AbortSignal.any([this.signal, this.failed.signal]));
    working.catch((error: unknown) => this.failed.abort(error));
    this.all.push(working);
    return working;
  }

  async done(): Promise<void> {
    await Promise.allSettled(this.all);
    this.failed.signal.throwIfAborted();
  }
}

/** Opens the servers of a process, waiting for those that are not there yet; the log says for which. */
export function openServerRuntime(
  environment: ServerEnvironment,
  log: Log | WriteLine,
  options: ServerRuntimeOptions & { readonly signal?: AbortSignal } = {},
): Promise<AuraRuntime> {
  const signal = options.signal ?? new AbortController().signal;
  return new ServerConnections(environment, log, options).open(signal);
}
