import { hostTelemetry, startEmbedded } from '@aura/host';
import type { RunningAura } from '@aura/host';
import type { CloudEvent, JsonValue } from '@aura/contracts';
import { ObservedBus } from '@aura/messaging';
import type { Delivery } from '@aura/messaging';
import { until } from '@aura/messaging/testing';
import { NO_LOG } from '@aura/kernel';
import { joinAura } from '@aura/socket';
import type { JoinedAura } from '@aura/socket';
import { systemWorld } from '@aura/embedded';
import { startParticipant } from '@aura/workflow';
import type { Action } from '@aura/workflow';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The participant of a test's own actions. */
export const OWN_PARTICIPANT = 'tester';

/** An embedded Aura with HTTP, what can be seen on its public face, and a participant of the test's own that has joined. */
export class TracedAura {
  /** Events of the public face. */
  readonly events: CloudEvent[] = [];
  private readonly closing: (() => Promise<void>)[] = [];

  private constructor(
    private readonly aura: RunningAura,
    readonly joined: JoinedAura,
  ) {}

  /** `lines`: gets the log, every level of it. */
  static async open(lines: string[] = []): Promise<TracedAura> {
    const dataDir = mkdtempSync(join(tmpdir(), 'aura-traces-'));
    const env = { AURA_TRACES: 'off', AURA_LOG_LEVEL: 'debug', AURA_LOG_FORMAT: 'json' };
    const out = { write: (line: string) => lines.push(line) };
    const telemetry = hostTelemetry({ env, out });
    const aura = await startEmbedded({ dataDir, port: 0, telemetry });
    const joined = await joinAura({ locate: () => aura.door });
    const opened = new TracedAura(aura, joined);
    opened.closing.push(
      () => joined.close(),
      () => aura.stop(),
      () => telemetry.close(),
      () => Promise.resolve(rmSync(dataDir, { recursive: true })),
    );
    await opened.watch();
    return opened;
  }

  get url(): string {
    return this.aura.url;
  }

  /** Offers actions, on a bus that is seen. */
  async offer(...actions: readonly Action[]): Promise<void> {
    const { joined } = this;
    const world = systemWorld();
    const participant = await startParticipant(
      { name: OWN_PARTICIPANT, version: '1.0.0', actions },
      {
        bus: new ObservedBus(joined.bus, { system: 'aura', clock: world.clock }),
        journal: joined.journal(OWN_PARTICIPANT),
        views: joined.views(OWN_PARTICIPANT),
        fast: joined.fast(OWN_PARTICIPANT),
        claims: joined.claims,
        log: NO_LOG,
        world,
      },
      { instance: 'tester@one' },
    );
    this.closing.unshift(() => participant.stop(1000));
  }

  /** Publishes a definition and waits until it is active. */
  async publish(definition: object): Promise<void> {
    const answer = await this.post('/api/v1/definitions', definition);
    if (!answer.ok) throw new Error(await answer.text());
    const { id } = definition as { readonly id: string };
    await until(async () => {
      const found = (await this.get('/api/v1/definitions')) as {
        readonly definitions: readonly { readonly id: string; readonly status: string }[];
      };
      return found.definitions.some((one) => one.id === id && one.status === 'active');
    }, `${id} is active`);
  }

  /** Starts a saga and waits for its end; answers its id. */
  async execute(
    workflow: string,
    input: JsonValue,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const answer = await this.post('/api/v1/workflows/execute', { workflow, input }, headers);
    const saga = (await answer.json()) as { readonly sagaId?: string };
    if (saga.sagaId === undefined) throw new Error(`${answer.status}: ${JSON.stringify(saga)}`);
    return saga.sagaId;
  }

  post(path: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  async get(path: string): Promise<unknown> {
    return (await fetch(`${this.url}${path}`)).json();
  }

  async close(): Promise<void> {
    for (const close of this.closing.splice(0)) await close();
  }

  private async watch(): Promise<void> {
    const queue = 'watch';
    const { bus } = this.joined;
    await bus.declareQueue({ queue, kind: 'subscriber' });
    await bus.bind([{ kind: 'queue', queue, exchange: 'aura.events', key: '#' }]);
    const take = (delivery: Delivery): void => {
      if (delivery.event.ok) this.events.push(delivery.event.value);
      delivery.ack();
    };
    const consumer = await bus.consume({ queue, prefetch: 100, handle: (all) => all.forEach(take) });
    this.closing.unshift(() => consumer.stop(1000));
  }
}
