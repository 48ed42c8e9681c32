import type { CloudEvent, JsonValue, SagaDetail } from '@aura/contracts';
import { hasEnded } from '@aura/contracts';
import { EVENTS_EXCHANGE } from '@aura/messaging';
import { openEmbeddedRuntime } from '@aura/nest';
import type { AuraRuntime } from '@aura/nest';
import { startCoordinator } from '@aura/saga';
import type { CoordinatorOptions, RunningCoordinator, StartRequest } from '@aura/saga';
import { startParticipant } from '@aura/workflow';
import type { ParticipantDefinition, ParticipantOptions, RunningParticipant } from '@aura/workflow';
import { lackingLiveness } from '@aura/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually';

const BY_TEST = { subject: 'tester', roles: [] } as const;

/** Settings that make waiting short. */
const QUICK: Partial<CoordinatorOptions> = {
  partitions: 4,
  tickMs: 200,
  leaseMs: 1000,
  flushMs: 20,
  timerMs: 20,
};

/** What a lab is made of. */
export interface LabOptions {
  readonly participants: readonly ParticipantDefinition[];
  /** Definitions, as objects; published one after the other. */
  readonly definitions: readonly JsonValue[];
  readonly settings?: Partial<CoordinatorOptions>;
  readonly participantSettings?: Partial<ParticipantOptions>;
  /** Absent: an embedded runtime in a folder of its own. */
  readonly runtime?: AuraRuntime;
}

/** A whole Aura in the test's process: a coordinator and participants on one runtime. */
export class Lab {
  readonly warnings: string[] = [];

  private constructor(
    readonly runtime: AuraRuntime,
    readonly coordinator: RunningCoordinator,
    private readonly participants: RunningParticipant[],
    private readonly cleanUp: () => Promise<void>,
  ) {}

  /** Opens a lab and waits until its definitions are active. */
  static async open(options: LabOptions): Promise<Lab> {
    const folder = mkdtempSync(join(tmpdir(), 'aura-lab-'));
    const warnings: string[] = [];
    const own = options.runtime === undefined;
    const runtime =
      options.runtime ?? (await openEmbeddedRuntime({ dataDir: folder, log: (line) => warnings.push(line) }));
    const coordinator = await labCoordinator(runtime, 'one', options.settings);
    const participants: RunningParticipant[] = [];
    const lab = new Lab(runtime, coordinator, participants, async () => {
      if (own) await runtime.close();
      rmSync(folder, { recursive: true, force: true });
    });
    lab.warnings.push(...warnings);
    try {
      for (const definition of options.participants) await lab.join(definition, options.participantSettings);
      for (const definition of options.definitions) await lab.publish(definition);
      return lab;
    } catch (error) {
      await lab.close();
      throw error;
    }
  }

  /** Starts a participant, by default on the runtime of the lab. */
  async join(
    definition: ParticipantDefinition,
    settings: Partial<ParticipantOptions> = {},
    runtime: AuraRuntime = this.runtime,
  ): Promise<RunningParticipant> {
    const { bus, claims, world, log } = runtime;
    const stores = await runtime.stores(definition.name);
    const ports = { ...stores, bus, claims, world, log };
    const running = await startParticipant(definition, ports, {
      heartbeatMs: 500,
      ...settings,
      instance: `${definition.name}@lab${this.participants.length}`,
    });
    this.participants.push(running);
    return running;
  }

  /** Publishes a definition and waits until it is active. */
  async publish(definition: JsonValue): Promise<void> {
    await eventually('the definition is active', async () => {
      const published = await this.coordinator.publishDefinition(
        JSON.stringify(definition),
        'lab.json',
        BY_TEST,
      );
      if (!published.ok && published.error.some(({ code }) => code !== 'UNKNOWN_ACTION'))
        throw new Error(published.error.map(({ message }) => message).join('\n'));
      return published.ok && published.value.status === 'active' ? true : undefined;
    });
  }

  /** Starts a saga; answers its id. */
  async start(workflow: string, input: JsonValue = {}, more: Partial<StartRequest> = {}): Promise<string> {
    const started = await this.coordinator.start({ workflow, input, actor: BY_TEST, ...more });
    if (!started.ok) throw new Error(`${started.error.code}: ${started.error.message}`);
    return started.value.sagaId;
  }

  /** The saga once it is as wanted; by default once it has ended. */
  async until(
    sagaId: string,
    isSo: (saga: SagaDetail) => boolean = ({ status }) => hasEnded(status),
  ): Promise<SagaDetail> {
    return eventually(`saga ${sagaId} is as wanted`, async () => {
      const saga = await this.coordinator.find(sagaId);
      return saga !== undefined && isSo(saga) ? saga : undefined;
    });
  }

  /** Runs a saga to its end. */
  async run(workflow: string, input: JsonValue = {}): Promise<SagaDetail> {
    return this.until(await this.start(workflow, input));
  }

  /** Everything that the public face shows from now on under a pattern. */
  async tap(pattern = '#'): Promise<readonly CloudEvent[]> {
    const queue = `lab.tap.${Math.random().toString(36).slice(2)}`;
    const seen: CloudEvent[] = [];
    await this.runtime.bus.declareQueue({ queue, kind: 'subscriber' });
    await this.runtime.bus.bind([{ kind: 'queue', queue, exchange: EVENTS_EXCHANGE, key: pattern }]);
    await this.runtime.bus.consume({
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

  /** Closes it. Whatever has not ended by then must say what it waits for, until when and who acts. */
  async close(): Promise<void> {
    const lacking = await lackingLiveness(this.coordinator);
    await Promise.all(this.participants.map((participant) => participant.stop(1000)));
    await this.coordinator.stop();
    await this.cleanUp();
    if (lacking.length > 0) throw new Error(lacking.join('\n'));
  }
}

/** Starts a coordinator on a runtime with short waits. */
export async function labCoordinator(
  runtime: AuraRuntime,
  name: string,
  settings: Partial<CoordinatorOptions> = {},
): Promise<RunningCoordinator> {
  const { bus, claims, leases, world, log } = runtime;
  const stores = await runtime.stores('coordinator');
  return startCoordinator(
    { ...stores, bus, claims, leases, world, log },
    { ...QUICK, ...settings, instance: `${name}@lab` },
  );
}
