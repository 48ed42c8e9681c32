import {
  definitionBound,
  definitionPublished,
  definitionReleased,
  definitionUnbound,
  participantAnnounced,
  planProvided,
  consumerPaused,
  consumerResumed,
} from '@aura/contracts';
import type { ActionDescription, CloudEvent, JsonObject } from '@aura/contracts';
import { NO_METER } from '@aura/kernel';
import type { Cancel, ClaimCheck, Journal, Log, Meter, ViewStores, World } from '@aura/kernel';
import {
  consumeThrough,
  COORDINATOR_QUEUE,
  DEAD_LETTERS_QUEUE,
  DONE,
  OUTAGE_DEFAULTS,
  OutageBreaker,
  participantQueue,
  participantSource,
  payloadBus,
  tellingJournal,
  together,
  withData,
} from '@aura/messaging';
import type {
  Consumer,
  DeliveryContext,
  EventBus,
  FastStores,
  OutageOptions,
  Outcome,
} from '@aura/messaging';
import { Barrier } from '../barrier/barrier';
import { UNDECIDED_VIEWS, UndecidedBranches } from '../branch/undecided-branches';
import { parsePlan } from '../plan/parse-plan';
import type { Plan } from '../plan/plan';
import type { ParticipantDefinition } from './action';
import { atMost } from './at-most';
import { describeActions } from './describe-actions';
import { InstanceVoice } from './instance-voice';
import { OutageWatcher } from './outage-watcher';
import { ownName } from './own-name';
import { PlanShelf } from './plan-shelf';
import { planTextOf } from './plan-text';
import { Presumptions } from './presumptions';
import { project } from './projections';
import { QueueBindings } from './queue-bindings';
import { Reactor } from './reactor';
import { requestBindings, Requests } from './requests';
import { resourceTypes } from './resource-types';
import { StepObserver } from './step-observer';

/** What a participant runs on. */
export interface ParticipantPorts {
  readonly bus: EventBus;
  /** The participant's own journals; nobody else writes them. */
  readonly journal: Journal;
  readonly views: ViewStores;
  readonly fast: FastStores;
  readonly claims: ClaimCheck;
  readonly world: World;
  readonly log: Log;
  /** Default: nobody counts. */
  readonly meter?: Meter;
}

/** Settings of a participant's instance. */
export interface ParticipantOptions {
  /** Name of this instance, unique among all that live. */
  readonly instance: string;
  /** Most deliveries in hand; default 100. */
  readonly prefetch?: number;
  /** Time between announcements, ms; default 5000. */
  readonly heartbeatMs?: number;
  readonly outage?: Partial<OutageOptions>;
}

/** A running instance of a participant. */
export interface RunningParticipant {
  readonly name: string;
  /** Finishes what is in hand within the time (ms), gives the rest back, and says goodbye. */
  stop(graceMs: number): Promise<void>;
}

/** Starts an instance of a participant: queue, bindings of known plans, consumption, announcement. */
export async function startParticipant(
  definition: ParticipantDefinition,
  given: ParticipantPorts,
  options: ParticipantOptions,
): Promise<RunningParticipant> {
  const ports = { ...given, bus: payloadBus(given.bus, given.claims) };
  const participant = ownName(definition);
  const shelf = await PlanShelf.open({ participant, ...ports });
  const undecided = new UndecidedBranches({ participant, ...ports }, await ports.views.open(UNDECIDED_VIEWS));
  const runtime = new ParticipantRuntime(definition, ports, options, { shelf, undecided });
  await runtime.start();
  return runtime;
}

class ParticipantRuntime implements RunningParticipant {
  readonly name: string;
  private readonly queue: string;
  private readonly reactor: Reactor;
  private readonly requests: Requests;
  private readonly outage: OutageBreaker;
  private readonly outageWatcher: OutageWatcher;
  private readonly bindings: QueueBindings;
  private readonly voice: InstanceVoice;
  private readonly actions: readonly ActionDescription[];
  private consumer: Consumer | undefined;
  private cancelHeartbeat: Cancel = () => undefined;
  private isStopping = false;

  constructor(
    private readonly definition: ParticipantDefinition,
    private readonly ports: ParticipantPorts,
    private readonly options: ParticipantOptions,
    private readonly kept: { readonly shelf: PlanShelf; readonly undecided: UndecidedBranches },
  ) {
    this.name = definition.name;
    this.queue = participantQueue(definition.name);
    this.actions = describeActions(definition.actions);
    const { journal, log, meter = NO_METER, world } = ports;
    const presumptions = new Presumptions(world);
    const telling = tellingJournal(ports.bus, journal);
    const barrier = new Barrier({ journal, telling }, world.clock, resourceTypes(definition.actions));
    const actions = new Map(definition.actions.map((action) => [action.name, action]));
    const { queue } = this;
    const { name: participant, subscriptions = [] } = definition;
    this.voice = new InstanceVoice({ ...ports, participant, instance: options.instance });
    const observer = new StepObserver({ participant, meter, log, clock: world.clock });
    const reacting = { ...ports, ...kept, telling, participant, actions, barrier, observer, presumptions };
    this.reactor = new Reactor(reacting);
    this.requests = new Requests(reacting, kept.undecided);
    this.bindings = new QueueBindings({ ...ports, ...kept, participant, queue, subscriptions });
    this.outageWatcher = new OutageWatcher({
      consumer: participant,
      queue,
      log,
      meter,
      say: {
        paused: (untilMs, error) => {
          const until = new Date(untilMs).toISOString();
          void this.voice.said(consumerPaused.type, { queue, until, error: { ...error } });
        },
        resumed: () => void this.voice.said(consumerResumed.type, { queue }),
        failed: (error) => log.warn('the consumer could not be paused or resumed', { error, queue }),
      },
    });
    this.outage = new OutageBreaker(world, { ...OUTAGE_DEFAULTS, ...options.outage }, this.outageWatcher);
  }

  async start(): Promise<void> {
    const { bus, log, meter = NO_METER, world } = this.ports;
    for (const queue of [this.queue, COORDINATOR_QUEUE, DEAD_LETTERS_QUEUE])
      await bus.declareQueue({ queue, kind: 'work' });
    await this.bindings.bindAll();
    await bus.bind(requestBindings(this.name));
    this.consumer = await consumeThrough({
      bus,
      world,
      log,
      meter,
      queue: this.queue,
      prefetch: this.options.prefetch ?? 100,
      consumer: this.name,
      source: participantSource(this.name),
      inbox: this.ports.fast.inbox,
      outage: this.outage,
      spans: 'handler',
      definitionName: (digest) => this.kept.shelf.definitionOf(digest),
      handler: (context) => this.handle(context),
    });
    this.outage.guard(this.consumer);
    this.kept.undecided.start();
    await this.announce();
    this.scheduleHeartbeat();
  }

  async stop(graceMs: number): Promise<void> {
    this.isStopping = true;
    this.cancelHeartbeat();
    this.outage.stop();
    this.outageWatcher.stop();
    const { world } = this.ports;
    // Neither a store nor a bus that is away may keep the process from stopping.
    await Promise.all([atMost(world, graceMs, this.kept.undecided.stop()), this.stopConsuming(graceMs)]);
    await atMost(world, graceMs, this.voice.sayGoodbye());
  }

  /** What is in hand of a consumer that cannot be stopped comes back when the process has gone. */
  private async stopConsuming(graceMs: number): Promise<void> {
    const { log } = this.ports;
    const { queue } = this;
    await this.consumer
      ?.stop(graceMs)
      .catch((error: unknown) => log.warn('the consumer could not be stopped', { error, queue }));
  }

  private async handle(context: DeliveryContext): Promise<Outcome> {
    const { event } = context;
    if (event.type === definitionPublished.type || event.type === planProvided.type)
      return this.onPlan(event);
    const asked = this.requests.handle(context);
    if (asked !== undefined) return asked;
    if (event.type === definitionReleased.type) return this.onReleased(event);
    const { subscriptions = [] } = this.definition;
    const reaction = this.reactor.react(context);
    if (subscriptions.length === 0) return reaction;
    return together(await Promise.all([project(subscriptions, context, this.ports.claims), reaction]));
  }

  private async onPlan(event: CloudEvent): Promise<Outcome> {
    const compiled = await this.kept.shelf.keep(planTextOf(await withData(event, this.ports.claims)));
    await this.bindings.bindPlan(compiled.plan);
    return event.type === planProvided.type ? DONE : this.confirmed(definitionBound.type, compiled.plan);
  }

  /** The last saga of a retired definition has ended. */
  private async onReleased(event: CloudEvent): Promise<Outcome> {
    const plan = parsePlan(planTextOf(await withData(event, this.ports.claims)));
    await this.bindings.dropPlan(plan);
    return this.confirmed(definitionUnbound.type, plan);
  }

  private confirmed(type: string, { digest, definition, version }: Plan): Outcome {
    const event = this.voice.event(type, { digest, definition, version });
    return { kind: 'done', publish: [{ event, to: [{ kind: 'queue', queue: COORDINATOR_QUEUE }] }] };
  }

  private scheduleHeartbeat(): void {
    if (this.isStopping) return;
    this.cancelHeartbeat = this.ports.world.scheduler.after(this.options.heartbeatMs ?? 5000, () => {
      this.announce()
        .catch((error: unknown) => this.ports.log.warn('could not announce; trying again', { error }))
        .finally(() => this.scheduleHeartbeat());
    });
  }

  private announce(): Promise<void> {
    const data = {
      version: this.definition.version,
      queue: this.queue,
      actions: this.actions,
      plans: this.kept.shelf.all().map(({ plan }) => plan.digest),
    };
    return this.voice.tell(participantAnnounced.type, data as unknown as JsonObject);
  }
}
