import type { TransactionDetail } from '@aura/client';
import type { CloudEvent } from '@aura/contracts';
import { stepStream } from '@aura/kernel';
import { EVENTS_EXCHANGE } from '@aura/messaging';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../lab/eventually';
import { auraCommand } from './aura-command';
import type { CommandEnd } from './aura-command';
import { closeAll } from './close-all';
import { Installation, untilActive } from './installation';
import type { CoordinatorChild } from './installation';
import type { Spawned } from './spawned';

/** Branches of `reserve_look`, and the service of each. */
export const BRANCHES = {
  budget: 'style-profile',
  stock: 'recommendation-engine',
  save: 'combination-engine',
} as const;
export type Branch = keyof typeof BRANCHES;

const WORKFLOWS = ['reserve_look', 'fund_account', 'stock_wardrobe'];
/** A look costs 262.00 EUR. */
const PIECES = ['top-06', 'bot-09', 'sho-03'];
const MONEY = { amountCents: 50_000, currency: 'EUR' };
/** Looks that a fresh house can give away. */
const UNITS = 100;

/** The three services that reserve a look and two coordinators, each a process of its own on servers. */
export class TransactionHouse {
  readonly services = new Map<string, Spawned>();
  private readonly coordinators = new Map<string, CoordinatorChild>();
  private customers = 0;

  private constructor(
    private readonly installation: Installation,
    private readonly cwd: string,
    /** Everything that transactions have said or asked for on the public face. */
    private readonly seen: readonly CloudEvent[],
  ) {}

  static async open(): Promise<TransactionHouse> {
    const installation = await Installation.open();
    const seen = await tapped(installation);
    const house = new TransactionHouse(installation, mkdtempSync(join(tmpdir(), 'aura-transactions-')), seen);
    for (const name of ['one', 'two']) house.coordinators.set(name, await installation.coordinator(name));
    for (const name of Object.values(BRANCHES)) await house.startService(name);
    await untilActive(house.client, WORKFLOWS);
    const items = PIECES.map((id) => ({ id, units: UNITS }));
    await (await house.client.start('stock_wardrobe', { items })).completed();
    return house;
  }

  close(): Promise<void> {
    return closeAll([
      () => this.installation.close(),
      () => Promise.resolve(rmSync(this.cwd, { recursive: true, force: true })),
    ]);
  }

  /** Of a coordinator that lives. */
  get client(): CoordinatorChild['client'] {
    return this.coordinator('one').client;
  }

  /** Somebody who can pay for one look. */
  async customer(money = MONEY): Promise<string> {
    this.customers += 1;
    const userId = `customer-${this.customers}`;
    await (await this.client.start('fund_account', { userId, ...money })).completed();
    return userId;
  }

  /** Begins to reserve a look; answers the saga's id. */
  async reserve(userId: string): Promise<string> {
    return (await this.client.start('reserve_look', { userId, pieces: PIECES })).sagaId;
  }

  /** How the reservation ended, once it has. */
  async ended(saga: string, withinMs = 60_000): Promise<string> {
    const { status } = await eventually(
      `${saga} has ended`,
      async () => {
        const found = await this.client.get(saga);
        return ['completed', 'failed', 'compensated'].includes(found.status) ? found : undefined;
      },
      withinMs,
    ).catch((error: unknown) => {
      throw new Error(this.installation.told(), { cause: error });
    });
    return status;
  }

  /** The first event of a saga's transaction of this kind, for a branch or for all. */
  told(saga: string, kind: string, branch?: Branch): Promise<CloudEvent> {
    const isMeant = ({ correlationid, data, type }: CloudEvent): boolean =>
      correlationid === saga &&
      type === `ai.aura.transaction.${kind}.v1` &&
      (branch === undefined || (data as { readonly branch?: string }).branch === branch);
    return eventually(`${kind} of ${saga} is told`, () => this.seen.find(isMeant), 30_000).catch(
      async (error: unknown) => {
        const stands = JSON.stringify(await this.transaction(saga));
        throw new Error(`${stands}\n${this.installation.told()}`, { cause: error });
      },
    );
  }

  /** An operation stands in the journal of a branch of a saga's first transaction. */
  async recorded(saga: string, branch: Branch, operation: string): Promise<void> {
    const { journal } = await (await this.installation.inside()).stores(BRANCHES[branch]);
    const stream = stepStream({ saga, run: 1, step: `reserve/1/${branch}` });
    const look = (): Promise<unknown> => journal.findOperation(stream, operation);
    await eventually(`${operation} stands at ${branch}`, look, 30_000);
  }

  /** The coordinator has heard that a branch says yes. */
  async heard(saga: string, branch: Branch): Promise<void> {
    await eventually(
      `the yes of ${branch} is heard`,
      async () => {
        const { branches } = await this.transaction(saga);
        return branches.some(({ id, vote }) => id === branch && vote === 'yes') ? true : undefined;
      },
      30_000,
    );
  }

  service(branch: Branch): Spawned {
    const found = this.services.get(BRANCHES[branch]);
    if (found === undefined) throw new Error(`${branch} has no process`);
    return found;
  }

  /** The service of a branch, started anew. */
  restart(branch: Branch): Promise<void> {
    return this.startService(BRANCHES[branch]);
  }

  /** Kills the coordinator that has a saga's partition; answers its name. */
  async killOwner(partition: number): Promise<string> {
    const { leases } = await this.installation.inside();
    const held = await leases.list('partition/');
    const lease = held.find(({ name }) => name === `partition/${partition}`);
    const name = lease?.owner.replace('coordinator@', '') ?? '';
    await this.coordinator(name).process.kill();
    return name;
  }

  /** Starts a coordinator again that was killed, at the address that it had. */
  async restartCoordinator(name: string): Promise<void> {
    const port = Number(new URL(this.coordinator(name).url).port);
    this.coordinators.set(name, await this.installation.coordinator(name, port));
  }

  /** The transaction by HTTP. */
  transaction(saga: string): Promise<TransactionDetail> {
    return this.client.transaction(`${saga}/1/reserve/1`);
  }

  /** `aura …` against the coordinator that is asked here. */
  aura(...args: readonly string[]): Promise<CommandEnd> {
    return auraCommand(this.cwd, this.installation.environment)(
      '--url',
      this.coordinator('one').url,
      ...args,
    );
  }

  /** `aura audit` of the stores, once it has found nothing to object to, or what it says in the end. */
  async audit(): Promise<CommandEnd> {
    return auraCommand(this.cwd, this.installation.environment)('--servers', 'audit');
  }

  private coordinator(name: string): CoordinatorChild {
    const found = this.coordinators.get(name);
    if (found === undefined) throw new Error(`there is no coordinator ${name}`);
    return found;
  }

  private async startService(name: string): Promise<void> {
    this.services.set(name, await this.installation.service(name));
  }
}

async function tapped(installation: Installation): Promise<readonly CloudEvent[]> {
  const { bus } = await installation.inside();
  const seen: CloudEvent[] = [];
  const queue = 'tap.transactions';
  await bus.declareQueue({ queue, kind: 'subscriber' });
  await bus.bind([{ kind: 'queue', queue, exchange: EVENTS_EXCHANGE, key: 'ai.aura.transaction.#' }]);
  await bus.consume({
    queue,
    prefetch: 1000,
    handle: (deliveries) =>
      deliveries.forEach((delivery) => {
        if (delivery.event.ok) seen.push(delivery.event.value);
        delivery.ack();
      }),
  });
  return seen;
}
