import { definitionBound, definitionPublished, participantAnnounced, stepFailed } from '@aura/contracts';
import type { ActionDescription, CloudEvent, JsonValue } from '@aura/contracts';
import { stepEventId } from '@aura/kernel';
import { COORDINATOR_QUEUE, participantQueue, participantSource, trackerQueue } from '@aura/messaging';
import type { Consumer, Delivery, EventBus, TransportHeaders } from '@aura/messaging';
import { parsePlan, planBindings } from '@aura/workflow';
import type { Plan } from '@aura/workflow';

const ANYTHING = { type: 'object', additionalProperties: true } as const;

/** A pure action, or a stateful one with an undo; it emits `puppet.<name>.done.v1`. */
export function puppetAction(name: string, kind: ActionDescription['kind'] = 'pure'): ActionDescription {
  return {
    name,
    kind,
    description: '',
    input: { ...ANYTHING },
    output: { ...ANYTHING },
    emits: `puppet.${name}.done.v1`,
    publishes: [],
    ...(kind === 'stateful' ? { undo: { name: `undo-${name}`, input: { ...ANYTHING } } } : {}),
  };
}

/** A stateful action that nothing can undo. */
export function pivotAction(name: string): ActionDescription {
  return { ...puppetAction(name), kind: 'stateful' };
}

/** Says how a step ended, in place of an action. */
export interface PuppetEnd {
  readonly saga: string;
  readonly step: string;
  readonly partition: number;
  /** Default `puppet.<step>.done.v1`. */
  readonly type?: string;
  readonly data?: JsonValue;
  readonly epoch?: number;
  readonly run?: number;
  /** Default: none, as of what comes for the first time. */
  readonly headers?: TransportHeaders;
}

/** A participant whose steps end when the test says so: it binds what it is asked to, and keeps what it gets. */
export class Puppet {
  readonly received: Delivery[] = [];
  private readonly plans = new Map<string, Plan>();
  private consumer: Consumer | undefined;
  private count = 0;
  /** Whether it confirms definitions. */
  isConfirming = true;

  constructor(
    private readonly bus: EventBus,
    readonly name: string,
    private readonly actions: readonly ActionDescription[],
  ) {}

  /** Takes its queue and announces itself. */
  async start(): Promise<void> {
    const queue = participantQueue(this.name);
    await this.bus.declareQueue({ queue, kind: 'work' });
    await this.bus.declareQueue({ queue: COORDINATOR_QUEUE, kind: 'work' });
    this.consumer = await this.bus.consume({
      queue,
      prefetch: 1000,
      handle: (deliveries) => {
        for (const delivery of deliveries) void this.take(delivery);
      },
    });
    await this.announce();
  }

  async stop(): Promise<void> {
    await this.consumer?.stop(0);
  }

  /** Says who it is, and which plans it has bound. */
  announce(): Promise<void> {
    const data = { version: '1.0.0', queue: participantQueue(this.name), actions: this.actions };
    return this.tell(participantAnnounced.type, {
      ...data,
      plans: [...this.plans.keys()],
    } as unknown as JsonValue);
  }

  /** Tells the coordinator something; names itself in the data. */
  async tell(type: string, data: JsonValue, instance = `${this.name}@1`): Promise<void> {
    this.count += 1;
    const told = { participant: this.name, instance, ...(data as object) };
    const event: CloudEvent = {
      specversion: '1.0',
      id: `${this.name}/${this.count}`,
      source: participantSource(this.name),
      type,
      data: told,
    };
    await this.bus.publish([{ event, to: [{ kind: 'queue', queue: COORDINATOR_QUEUE }] }]);
  }

  /** Ends steps, in one publication. */
  async end(...ends: readonly PuppetEnd[]): Promise<void> {
    await this.bus.publish(
      ends.map((end) => ({
        event: this.endEvent(end),
        to: [{ kind: 'queue', queue: trackerQueue(end.partition), batch: true }],
        ...(end.headers === undefined ? {} : { headers: end.headers }),
      })),
    );
  }

  /** Ends a step as failed. */
  fail(end: PuppetEnd, code = 'BROKEN'): Promise<void> {
    const error = { kind: 'technical', code, message: `${end.step} is broken` };
    return this.end({ ...end, type: stepFailed.type, data: { error, attempts: 1 } });
  }

  private endEvent({ saga, step, partition, type, data, epoch = 1, run = 1 }: PuppetEnd): CloudEvent {
    const made = type ?? `puppet.${step}.done.v1`;
    return {
      specversion: '1.0',
      id: stepEventId({ saga, run, step }, epoch, made),
      source: participantSource(this.name),
      type: made,
      time: '2030-01-01T00:00:00.000Z',
      correlationid: saga,
      aurastep: step,
      aurarun: run,
      auraepoch: epoch,
      aurapartition: partition,
      data: data ?? { output: { by: step } },
    };
  }

  private async take(delivery: Delivery): Promise<void> {
    const { event } = delivery;
    if (event.ok && event.value.type === definitionPublished.type) {
      if (this.isConfirming) await this.confirm((event.value.data as { readonly plan: string }).plan);
    } else this.received.push(delivery);
    delivery.ack();
  }

  private async confirm(text: string): Promise<void> {
    const plan = parsePlan(text);
    const queue = participantQueue(this.name);
    await this.bus.bind(
      planBindings(plan, this.name).map((binding) => ({ kind: 'queue', queue, ...binding })),
    );
    this.plans.set(plan.digest, plan);
    const { digest, definition, version } = plan;
    await this.tell(definitionBound.type, { digest, definition, version });
  }
}
