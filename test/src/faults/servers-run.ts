import { connect } from '@aura/client';
import type { AuraClient } from '@aura/client';
import { hasEnded } from '@aura/contracts';
import type { SagaStatus } from '@aura/contracts';
import { Chance } from '@aura/testing';
import { MongoClient } from 'mongodb';
import { mkdtempSync, rmSync } from 'node:fs';
import os, { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { closeAll } from '../e2e/close-all';
import { Installation, SERVICES } from '../e2e/installation';
import { virtualHost } from '../e2e/private-broker';
import { eventually } from '../lab/eventually';
import { Audit } from './audit/audit';
import { eachMongoRow } from './audit/mongo-rows';
import type { BreakableServers } from './breakable-servers';
import { COORDINATORS, deedsOf } from './deeds';
import type { FaultReport } from './fault-report';
import { FaultScript } from './fault-script';
import { Fleet } from './fleet';
import { Healing } from './healing';
import { Load } from './load';
import { LOAD_EXPECTATIONS } from './load-expectations';
import { LoadJournal, readLoadJournal } from './load-journal';
import { LOAD_PARTICIPANTS } from './load-participants';
import { Lookout } from './lookout';
import { messagesInRabbitmq } from './messages-in-rabbitmq';
import { OrderDesk } from './order-desk';
import { partitionOwners } from './partition-owners';
import { prepareLoad } from './prepare-load';

/** What a run on servers is told. */
export interface ServersRunOptions {
  readonly minutes: number;
  readonly seed: string;
  readonly inFlight: number;
  /** Pause between two strikes at most, ms. */
  readonly pauseMs: number;
  /** How long slow steps take at most, ms. */
  readonly delayMs: number;
  /** Whether processes are paused as well. */
  readonly pauses: boolean;
  readonly say: (line: string) => void;
}

const LOAD_SERVICE = resolve(__dirname, '../../dist/faults/load-service.js');
const ASK_AFTER_MS = 15_000;
const IN_FLIGHT_WITHIN_MS = 120_000;
const REST_WITHIN_MS = 300_000;
const QUIET_WITHIN_MS = 90_000;

/** Breaks processes and servers of an Aura under load, waits until it has come to rest, and audits its stores. */
export async function runOnServers(
  servers: BreakableServers,
  options: ServersRunOptions,
): Promise<FaultReport> {
  const folder = mkdtempSync(join(tmpdir(), 'aura-faults-'));
  const direct = await virtualHost(servers.rabbitmq.environment);
  const proxied = new URL(direct.url);
  proxied.host = new URL(servers.rabbitmq.throughProxy).host;
  const aura = await Installation.open({
    broker: { ...direct, url: proxied.href },
    mongodb: servers.mongodb.throughProxy,
    redis: servers.redis.throughProxy,
  });
  const mongo = new MongoClient(servers.mongodb.url, { runtimeAdapters: { os } });
  const lookout = new Lookout(direct.url);
  const desk = new OrderDesk(proxied.href);
  const journal = new LoadJournal(join(folder, 'load.journal'));
  try {
    const run = new ServersRun(
      { servers, aura, mongo, lookout, desk, journal, brokerUrl: direct.url },
      options,
    );
    return await run.report();
  } finally {
    await closeAll([
      ...[() => lookout.close(), () => desk.close(), () => mongo.close(), () => aura.close()],
      () => Promise.resolve(journal.close()),
      () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
    ]);
  }
}

interface Parts {
  readonly servers: BreakableServers;
  readonly aura: Installation;
  /** Straight to the server, for the auditor. */
  readonly mongo: MongoClient;
  readonly lookout: Lookout;
  readonly desk: OrderDesk;
  readonly journal: LoadJournal;
  /** Straight to the broker. */
  readonly brokerUrl: string;
}

class ServersRun {
  private readonly chance: Chance;
  private readonly fleet = new Fleet();
  private readonly trouble: string[] = [];
  private readonly clients: AuraClient[] = [];

  constructor(
    private readonly parts: Parts,
    private readonly options: ServersRunOptions,
  ) {
    this.chance = new Chance(options.seed);
  }

  /** Whatever comes of it, nobody is started again behind it. */
  async report(): Promise<FaultReport> {
    try {
      return await this.observed();
    } finally {
      this.fleet.disband();
    }
  }

  private async observed(): Promise<FaultReport> {
    const { parts, options, trouble } = this;
    await this.startAll();
    const load = await this.load();
    const healing = new Healing(trouble);
    const script = this.script(healing, load);
    const seconds = await this.strike(load, script).catch((error: unknown) => {
      load.abandon();
      throw error;
    });
    options.say('no more faults: all is healed');
    await healing.done();
    await this.fleet.allUp();
    await this.comeToRest(load);
    const left = await this.left();
    await this.stopAll();
    const audit = new Audit(LOAD_EXPECTATIONS);
    await eachMongoRow(parts.mongo, parts.aura.prefix, (row) => audit.take(row));
    return {
      ...{ mode: 'servers', seed: options.seed, seconds, notTried: [], left },
      struck: script.struck,
      load: load.told,
      findings: audit.findings(readLoadJournal(parts.journal.path)),
      trouble: [...trouble, ...this.fleet.trouble],
    };
  }

  /** Lets the script strike once the load is in flight; answers for how long, seconds. */
  private async strike(load: Load, script: FaultScript): Promise<number> {
    const { inFlight, minutes } = this.options;
    load.begin();
    const isInFlight = (): true | undefined => (load.inFlight >= inFlight / 2 ? true : undefined);
    await eventually('the load is in flight', isInFlight, IN_FLIGHT_WITHIN_MS);
    const since = performance.now();
    await script.run(minutes * 60_000);
    return (performance.now() - since) / 1000;
  }

  private async startAll(): Promise<void> {
    const { aura } = this.parts;
    const starting = COORDINATORS.map(async (name) => {
      const first = await aura.coordinator(name);
      const port = Number(new URL(first.url).port);
      let isFirst = true;
      await this.fleet.add(name, async () => {
        const { process } = isFirst ? first : await aura.coordinator(name, port);
        isFirst = false;
        return process;
      });
      this.clients.push(connect({ url: first.url, retries: 1, timeoutMs: 10_000 }));
    });
    await Promise.all([
      ...starting,
      ...SERVICES.map((name) => this.fleet.add(name, () => aura.service(name))),
      ...LOAD_PARTICIPANTS.map(({ name }) =>
        this.fleet.add(name, () => aura.participant(name, LOAD_SERVICE)),
      ),
    ]);
  }

  private async load(): Promise<Load> {
    const { chance, clients, options } = this;
    const { lookout, desk, journal } = this.parts;
    const [first] = clients;
    if (first === undefined) throw new TypeError('no coordinator was started');
    const image = await prepareLoad(first);
    const { inFlight, delayMs } = options;
    const load = new Load({
      ...{ clients, journal, chance, inFlight, image, delayMs },
      ...{ askAfterMs: ASK_AFTER_MS, placeOrder: desk.place },
    });
    lookout.onEvent(({ type, saga }) => {
      const status = endIn(type);
      if (status !== undefined) void load.onEnd(saga, status);
    });
    return load;
  }

  private script(healing: Healing, load: Load): FaultScript {
    const { chance, fleet, options } = this;
    const { servers, lookout } = this.parts;
    const { pauseMs, pauses } = options;
    const since = performance.now();
    const say = (line: string): void => {
      const seconds = ((performance.now() - since) / 1000).toFixed(0).padStart(5);
      options.say(`${seconds} s ${String(load.inFlight).padStart(4)} in flight: ${line}`);
    };
    const hasMoved = (coordinator: string): Promise<boolean> => this.hasMoved(coordinator);
    const deeds = deedsOf({ fleet, servers, healing, chance, pauses, hasMoved });
    return new FaultScript({ chance, lookout, deeds, pauseMs, say });
  }

  /** False also when the store cannot say it now. */
  private async hasMoved(instance: string): Promise<boolean> {
    const { mongo, aura } = this.parts;
    const question = { prefix: aura.prefix, instance, now: Date.now() };
    const { own, others } = await partitionOwners(mongo, question).catch(() => ({ own: 1, others: 0 }));
    return own === 0 && others > 0;
  }

  private async comeToRest(load: Load): Promise<void> {
    const { say } = this.options;
    say(`no more faults: ${load.inFlight} sagas in flight come to rest`);
    await load.stop();
    const open = await load.landed(REST_WITHIN_MS);
    const [client] = this.clients;
    for (const saga of open.slice(0, 5)) {
      const why = await client?.why(saga).catch((error: unknown) => ({ why: String(error) }));
      this.trouble.push(`saga ${saga}: ${why?.why}`);
    }
  }

  /** What is left in queues once nothing moves any more. */
  private async left(): Promise<Readonly<Record<string, number>>> {
    const { brokerUrl, servers } = this.parts;
    const count = () => messagesInRabbitmq(brokerUrl, servers.rabbitmq.environment);
    const isEmpty = async () => (Object.keys(await count()).length === 0 ? true : undefined);
    await eventually('the queues are empty', isEmpty, QUIET_WITHIN_MS).catch(() => undefined);
    return count();
  }

  private async stopAll(): Promise<void> {
    this.fleet.disband();
    for (const { name, code, signal } of await this.parts.aura.stopAll())
      if (code !== 0) this.trouble.push(`${name} ended with ${code ?? signal}, not with 0`);
  }
}

/** The end that an event tells of. */
function endIn(type: string): SagaStatus | undefined {
  const status = /^ai\.aura\.saga\.(\w+)\.v1$/.exec(type)?.[1] as SagaStatus | undefined;
  return status !== undefined && hasEnded(status) ? status : undefined;
}
