import type { CloudEvent, JsonValue, SagaDetail, SagaStatus } from '@aura/contracts';
import { openEmbedded } from '@aura/embedded';
import type { Embedded } from '@aura/embedded';
import { NO_LOG, sagaStream } from '@aura/kernel';
import type { Journal, JournalRow, Log, ViewRecord } from '@aura/kernel';
import { EVENTS_EXCHANGE } from '@aura/messaging';
import type { Delivery } from '@aura/messaging';
import { markRestored, startCoordinator } from '@aura/saga';
import type { CoordinatorOptions, Restoration, RunningCoordinator, StartRequest } from '@aura/saga';
import { lackingLiveness } from '@aura/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../lab/eventually';
import { Grip } from './grip';
import { pivotAction, Puppet, puppetAction } from './puppet';
import { ShiftedWorld } from './shifted-world';

export const BY_TEST = { subject: 'tester', roles: [] } as const;

const QUICK: Partial<CoordinatorOptions> = {
  partitions: 2,
  tickMs: 50,
  leaseMs: 400,
  flushMs: 10,
  timerMs: 10,
  definitionsMs: 20,
  releaseAfterMs: 50,
};

/** A coordinator of a house, with the hold that the test has on it. */
export interface Housed {
  readonly coordinator: RunningCoordinator;
  readonly grip: Grip;
  /** Stops in good order. */
  stop(): Promise<void>;
  /** Dies: what it had in hand comes back to the queues, its leases run out. */
  die(): Promise<void>;
}

/** What was warned of. */
export interface Warned {
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A definition of chained or parallel steps of the puppet; the action of a command is its id unless it says another one. */
export function puppetDefinition(
  id: string,
  steps: readonly Readonly<Record<string, JsonValue>>[],
  more: Readonly<Record<string, JsonValue>> = {},
): JsonValue {
  return {
    id,
    name: id,
    version: '1.0.0',
    input: { type: 'object', additionalProperties: true },
    example: {},
    steps: steps.map((step) => ({
      name: 'step',
      ...(step['type'] === undefined ? { action: step['id'] ?? '' } : {}),
      ...step,
    })),
    ...more,
  };
}

/** Coordinators on one embedded store and bus, whose steps end when the test says so. */
export class House {
  readonly warnings: Warned[] = [];
  readonly log: Log = {
    ...NO_LOG,
    warn: (message, details = {}) => void this.warnings.push({ message, details }),
  };
  /** How coordinators that start from now on have the journal. */
  hold: (journal: Journal) => Journal = (journal) => journal;
  private readonly living: Housed[] = [];
  /** Name of the coordinators' store; another one once it was set back. */
  private store = 'coordinator';

  private constructor(
    private readonly folder: string,
    readonly world: ShiftedWorld,
    readonly embedded: Embedded,
    readonly puppet: Puppet,
  ) {}

  /** Opens a house with a puppet of actions `a` to `e` (pure), `book` (stateful), `pay` (stateful, without undo), `count-nights` whose output is `{nights}`, and two that can be branches. */
  static async open(): Promise<House> {
    const folder = mkdtempSync(join(tmpdir(), 'aura-house-'));
    const world = new ShiftedWorld();
    const embedded = await openEmbedded({ path: join(folder, 'aura.db'), world });
    const actions = [
      ...['a', 'b', 'c', 'd', 'e'].map((name) => puppetAction(name)),
      puppetAction('book', 'stateful'),
      pivotAction('pay'),
      { ...puppetAction('count-nights'), output: NIGHTS },
      ...['hold-left', 'hold-right'].map((name) => ({
        ...puppetAction(name, 'stateful'),
        transactional: true,
      })),
    ];
    const puppet = new Puppet(embedded.bus, 'puppet', actions);
    await puppet.start();
    return new House(folder, world, embedded, puppet);
  }

  /** Starts a coordinator. `grip` lets it begin with faults planned. */
  async coordinator(
    name: string,
    settings: Partial<CoordinatorOptions> = {},
    grip = new Grip(),
  ): Promise<Housed> {
    const bus = this.embedded.connect();
    const fast = this.embedded.fast('coordinator');
    const views = this.embedded.views(this.store);
    const coordinator = await startCoordinator(
      {
        bus: grip.on('bus', bus),
        journal: grip.on('journal', this.hold(this.journal)),
        views: {
          open: async (definition) => grip.on(`views.${definition.name}`, await views.open(definition)),
        },
        leases: grip.on('leases', this.embedded.leases),
        claims: grip.on('claims', this.embedded.claims),
        fast: { ...fast, registry: grip.on('registry', fast.registry) },
        world: grip.world(this.world),
        log: this.log,
      },
      { ...QUICK, ...settings, instance: name },
    );
    const housed: Housed = {
      coordinator,
      grip,
      stop: async () => {
        this.living.splice(this.living.indexOf(housed), 1);
        await coordinator.stop();
        await bus.close();
      },
      die: async () => {
        this.living.splice(this.living.indexOf(housed), 1);
        grip.die();
        await bus.crash();
      },
    };
    this.living.push(housed);
    return housed;
  }

  /** Publishes a definition and waits until it is active. */
  async publish({ coordinator }: Housed, definition: JsonValue): Promise<void> {
    await eventually('the definition is active', async () => {
      const done = await coordinator.publishDefinition(JSON.stringify(definition), 'house.json', BY_TEST);
      if (!done.ok && done.error.some(({ code }) => code !== 'UNKNOWN_ACTION'))
        throw new Error(done.error.map(({ message }) => message).join('\n'));
      return done.ok && done.value.status === 'active' ? true : undefined;
    });
  }

  /** Starts a saga; answers its id. */
  async start({ coordinator }: Housed, workflow: string, more: Partial<StartRequest> = {}): Promise<string> {
    const started = await coordinator.start({ workflow, input: {}, actor: BY_TEST, ...more });
    if (!started.ok) throw new Error(`${started.error.code}: ${started.error.message}`);
    return started.value.sagaId;
  }

  /** The saga once it stands so. */
  async until({ coordinator }: Housed, saga: string, status: SagaStatus): Promise<SagaDetail> {
    return eventually(`saga ${saga} is ${status}`, async () => {
      const found = await coordinator.find(saga);
      return found?.status === status ? found : undefined;
    });
  }

  rows(saga: string): Promise<readonly JournalRow[]> {
    return this.journal.read(sagaStream(saga));
  }

  /** The coordinators' journal. */
  get journal(): Journal {
    return this.embedded.journal(this.store);
  }

  /** A person says that the coordinators' store was set back. */
  markRestored(restoration: Restoration): ReturnType<typeof markRestored> {
    const { journal, embedded, world } = this;
    return markRestored({ journal, leases: embedded.leases, clock: world.clock }, restoration);
  }

  /** The coordinators' store is set back to some of its rows; all views are lost. No coordinator may work on it. */
  async setBack(rows: readonly JournalRow[]): Promise<void> {
    this.store = `${this.store}-restored`;
    for (const row of rows) await this.journal.append([row]);
  }

  /** Partition of a saga. */
  async partition(saga: string): Promise<number> {
    return (await this.rows(saga))[0]?.partition ?? 0;
  }

  /** A collection of views as it is stored. */
  async views(name: string): Promise<{
    get(id: string): Promise<ViewRecord | undefined>;
    remove(ids: readonly string[]): Promise<void>;
    put(records: readonly ViewRecord[]): Promise<void>;
    all(orderBy: string): Promise<readonly ViewRecord[]>;
  }> {
    const fields = FIELDS[name] ?? {};
    const store = await this.embedded.views(this.store).open({ name, fields, indexes: [] });
    return {
      get: (id) => store.get(id),
      remove: (ids) => store.remove(ids),
      put: (records) => store.put(records),
      all: (field) => store.find({ where: [], orderBy: { field, direction: 'asc' }, limit: 1000 }),
    };
  }

  /** Everything that goes to the public face from now on under a pattern. */
  async tap(pattern = '#'): Promise<readonly CloudEvent[]> {
    const queue = `tap.${Math.random().toString(36).slice(2)}`;
    const { bus } = this.embedded;
    const seen: CloudEvent[] = [];
    await bus.declareQueue({ queue, kind: 'subscriber' });
    await bus.bind([{ kind: 'queue', queue, exchange: EVENTS_EXCHANGE, key: pattern }]);
    await bus.consume({ queue, prefetch: 1000, handle: (all) => all.forEach((one) => keep(one, seen)) });
    return seen;
  }

  /** Closes what lives. Whatever has not ended by then must say what it waits for, until when and who acts. */
  async close(): Promise<void> {
    const [asked] = this.living;
    asked?.grip.heal();
    const lacking = asked === undefined ? [] : await lackingLiveness(asked.coordinator);
    for (const housed of [...this.living]) await housed.stop();
    await this.puppet.stop();
    await this.embedded.close();
    rmSync(this.folder, { recursive: true, force: true });
    expect(lacking).toEqual([]);
  }
}

const NIGHTS = { type: 'object', properties: { nights: { type: 'integer' } }, required: ['nights'] };

function keep(delivery: Delivery, seen: CloudEvent[]): void {
  if (delivery.event.ok) seen.push(delivery.event.value);
  delivery.ack();
}

/** Fields of a saga's view. */
export const SAGA_FIELDS = {
  status: 'text',
  definition: 'text',
  version: 'text',
  userId: 'text',
  partition: 'integer',
  startedAt: 'integer',
  endedAt: 'integer',
  dueAt: 'integer',
  seq: 'integer',
  publishedSeq: 'integer',
  inFlight: 'integer',
} as const;

/** Fields of transactions' views. */
export const TRANSACTION_FIELDS = {
  saga: 'text',
  status: 'text',
  partition: 'integer',
  startedAt: 'integer',
  dueAt: 'integer',
  seq: 'integer',
  publishedSeq: 'integer',
} as const;

const FIELDS: Readonly<Record<string, Readonly<Record<string, 'text' | 'integer'>>>> = {
  sagas: SAGA_FIELDS,
  definitions: {
    definition: 'text',
    version: 'text',
    digest: 'text',
    status: 'text',
    publishedAt: 'integer',
  },
  waits: {
    type: 'text',
    key: 'text',
    place: 'text',
    saga: 'text',
    partition: 'integer',
    isOpen: 'integer',
    begunAt: 'integer',
  },
  early_events: { saga: 'text', type: 'text', heldSince: 'integer' },
  dead_letters: { saga: 'text', consumer: 'text', code: 'text', recordedAt: 'integer' },
  participants: { version: 'text', seenAt: 'integer' },
  transactions: TRANSACTION_FIELDS,
};
