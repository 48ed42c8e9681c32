import { definitionPublished, sagaStarted, stepUndoRequested } from '@aura/contracts';
import type { ActionDescription, CloudEvent, JsonObject, JsonValue, StepContext } from '@aura/contracts';
import {
  COORDINATOR_QUEUE,
  COORDINATOR_SOURCE,
  DEAD_LETTERS_QUEUE,
  EVENTS_EXCHANGE,
  eventKey,
  participantKey,
  participantQueue,
  STEPS_EXCHANGE,
  trackerQueue,
} from '@aura/messaging';
import type { Delivery, TransportHeaders } from '@aura/messaging';
import { until } from '@aura/messaging/testing';
import { carried, compileDefinition, describeActions, startParticipant } from '@aura/workflow';
import type {
  ParticipantDefinition,
  ParticipantOptions,
  ParticipantPorts,
  Plan,
  RunningParticipant,
} from '@aura/workflow';
import { Ground } from '../ground/ground';

const GIVEN_UP = { kind: 'business', code: 'NO', message: 'given up' } as const;

/** A saga's place in the tests. */
export interface SagaRef {
  readonly plan: Plan;
  readonly saga: string;
  readonly run?: number;
}

/** An event for a saga's participants, as the coordinator or another participant would send it. */
export interface SagaEvent extends SagaRef {
  readonly type: string;
  readonly data: JsonValue;
  /** Default: from the type and the saga. */
  readonly id?: string;
  readonly step?: string;
  readonly headers?: TransportHeaders;
  readonly more?: Partial<CloudEvent>;
}

/** Participants on an embedded ground; the spec plays the coordinator, which takes no part between the steps. */
export class Stage {
  private readonly started: ParticipantDefinition[] = [];
  private instances = 0;

  private constructor(
    readonly ground: Ground,
    private copies: readonly Delivery[] = [],
    private letters: readonly Delivery[] = [],
    private words: readonly Delivery[] = [],
  ) {}

  static async open(): Promise<Stage> {
    const ground = await Ground.open();
    await ground.queues(COORDINATOR_QUEUE, DEAD_LETTERS_QUEUE);
    await ground.bus.declareQueue({ queue: trackerQueue(0), kind: 'tracker' });
    const stage = new Stage(ground);
    await stage.listen();
    return stage;
  }

  /** Every process ends and what they had is opened again; participants are started by the spec. */
  async restart(): Promise<void> {
    await this.ground.reopen();
    await this.listen();
  }

  private async listen(): Promise<void> {
    this.copies = await this.ground.drain(trackerQueue(0));
    this.letters = await this.ground.drain(DEAD_LETTERS_QUEUE);
    this.words = await this.ground.drain(COORDINATOR_QUEUE);
  }

  get world() {
    return this.ground.world;
  }

  /** What the tracker got, in order. */
  get tracked(): readonly CloudEvent[] {
    return eventsOf(this.copies);
  }

  get dead(): readonly CloudEvent[] {
    return eventsOf(this.letters);
  }

  /** What the coordinator was told beside the tracker's copies. */
  get told(): readonly CloudEvent[] {
    return eventsOf(this.words);
  }

  /** The ports of a participant: its own stores, and a client of the bus. */
  ports(name: string): ParticipantPorts {
    const { embedded, log, world } = this.ground;
    return {
      bus: embedded.bus,
      journal: embedded.journal(name),
      views: embedded.views(name),
      fast: embedded.fast(name),
      claims: embedded.claims,
      world,
      log,
    };
  }

  /** Starts an instance of a participant. */
  async start(
    participant: ParticipantDefinition,
    given: {
      readonly ports?: Partial<ParticipantPorts>;
      readonly options?: Partial<ParticipantOptions>;
    } = {},
  ): Promise<RunningParticipant> {
    this.instances += 1;
    if (!this.started.some(({ name }) => name === participant.name)) this.started.push(participant);
    return startParticipant(
      participant,
      { ...this.ports(participant.name), ...given.ports },
      { instance: `${participant.name}#${this.instances}`, ...given.options },
    );
  }

  /** Compiles a definition against all participants that have started. */
  compile(definition: JsonObject): Plan {
    const offered = this.started.flatMap(({ name, actions }) =>
      describeActions(actions).map((action: ActionDescription) => ({ ...action, participant: name })),
    );
    const catalogue = new Map(offered.map((action) => [action.name, action]));
    const text = JSON.stringify({ name: 'test', version: '1.0.0', ...definition });
    const result = compileDefinition(text, 'test.json', catalogue);
    if (!result.ok) throw new Error(JSON.stringify(result.error, undefined, 1));
    return result.value;
  }

  /** Publishes a definition to its participants and waits until each has confirmed. */
  async publish(definition: JsonObject): Promise<Plan> {
    const plan = this.compile(definition);
    const names = [...new Set(plan.steps.map(({ participant }) => participant))];
    for (const name of names) await this.ground.send(participantQueue(name), published(plan));
    await until(
      () =>
        names.every((name) =>
          this.told.some(
            ({ type, data }) =>
              type === 'ai.aura.definition.bound.v1' &&
              (data as JsonObject)['participant'] === name &&
              (data as JsonObject)['digest'] === plan.digest,
          ),
        ),
      `${plan.definition} is bound`,
    );
    return plan;
  }

  /** Starts a saga, as the coordinator does. */
  async begin(
    plan: Plan,
    saga: string,
    input: JsonObject = {},
    more: Partial<SagaEvent> = {},
  ): Promise<void> {
    const context = carried(plan.startCarries, { input, outputs: {} }) ?? {};
    const { definition, version } = plan;
    await this.say({
      plan,
      saga,
      type: sagaStarted.type,
      data: { definition, version, context: context as JsonValue },
      ...more,
    });
  }

  /** Publishes an event of a saga on the exchange that its participants are bound to. */
  async say(said: SagaEvent): Promise<void> {
    const { plan, type, headers } = said;
    const exchange = type === sagaStarted.type ? EVENTS_EXCHANGE : STEPS_EXCHANGE;
    const key = eventKey(type, plan.definition);
    await this.ground.bus.publish([
      {
        event: this.eventOf(said),
        to: [{ kind: 'exchange', exchange, key }],
        ...(headers === undefined ? {} : { headers }),
      },
    ]);
  }

  private eventOf({ plan, saga, run = 1, type, data, id, step, more }: SagaEvent): CloudEvent {
    return {
      specversion: '1.0',
      id: id ?? `${saga}/${run}/${step ?? 'start'}/${type}`,
      source: COORDINATOR_SOURCE,
      type,
      time: new Date(this.world.clock.now()).toISOString(),
      subject: 'anna',
      datacontenttype: 'application/json',
      correlationid: saga,
      aurarun: run,
      auraplan: plan.digest,
      aurapartition: 0,
      ...(step === undefined ? {} : { aurastep: step }),
      ...(isElsewhere(more) ? {} : { data }),
      ...more,
    };
  }

  /** The end of a step as another participant would publish it. */
  async stepEnds(
    ref: SagaRef,
    step: string,
    output: JsonValue,
    more: { readonly context?: StepContext; readonly headers?: TransportHeaders; readonly id?: string } = {},
  ): Promise<void> {
    const node = ref.plan.steps.find(({ id }) => id === step);
    if (node === undefined) throw new Error(`${ref.plan.definition} has no step ${step}`);
    const { context, ...rest } = more;
    const data = context === undefined ? { output } : { output, context: context as JsonValue };
    await this.say({ ...ref, type: node.emits, step, data, ...rest });
  }

  /** Asks a step's participant to undo it, or how it ended, as the coordinator does. */
  async ask(
    { plan, saga, run = 1 }: SagaRef,
    step: string,
    { type = stepUndoRequested.type, epoch = 1 }: { readonly type?: string; readonly epoch?: number } = {},
  ): Promise<void> {
    const { participant = 'nobody' } = plan.steps.find(({ id }) => id === step) ?? {};
    const event = {
      ...this.eventOf({ plan, saga, run, type, step, data: { error: GIVEN_UP } }),
      id: `saga/${saga}/${step}/${type}/${epoch}`,
      auraepoch: epoch,
    };
    const key = participantKey(type, participant);
    await this.ground.bus.publish([{ event, to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key }] }]);
  }

  /** The ends of a step that the tracker got so far. */
  endsOf(saga: string, step: string): readonly CloudEvent[] {
    return this.tracked.filter(({ correlationid, aurastep }) => correlationid === saga && aurastep === step);
  }

  /** Waits for the n-th end of a step, from 1. */
  async ended(saga: string, step: string, n = 1): Promise<CloudEvent> {
    await until(() => this.endsOf(saga, step).length >= n, `end ${n} of ${step} in ${saga}`).catch(
      (error: unknown) => {
        throw new Error(`${String(error)}; warned of ${JSON.stringify(this.ground.warnings)}`, {
          cause: error,
        });
      },
    );
    const event = this.endsOf(saga, step)[n - 1];
    if (event === undefined) throw new Error('unreachable');
    return event;
  }

  /** Waits until participants have nothing in hand and nothing waits for them, ladders aside. */
  async quiet(...names: readonly string[]): Promise<void> {
    for (const name of names) await this.ground.emptied(participantQueue(name));
  }

  close(): Promise<void> {
    return this.ground.close();
  }
}

/** The coordinator's word that a definition is published. */
export function published(plan: Plan, type: string = definitionPublished.type): CloudEvent {
  const { definition, version, digest } = plan;
  return {
    specversion: '1.0',
    id: `${type}/${digest}`,
    source: COORDINATOR_SOURCE,
    type,
    datacontenttype: 'application/json',
    data: { definition, version, digest, plan: JSON.stringify(plan) },
  };
}

/** Its data travels by reference. */
function isElsewhere(more: Partial<CloudEvent> | undefined): boolean {
  return more?.dataref !== undefined;
}

/** What a completed step's event holds as output. */
export function outputOf(event: CloudEvent): JsonValue | undefined {
  return (event.data as { readonly output?: JsonValue }).output;
}

function eventsOf(deliveries: readonly Delivery[]): readonly CloudEvent[] {
  return deliveries.flatMap(({ event }) => (event.ok ? [event.value] : []));
}
