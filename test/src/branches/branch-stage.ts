import {
  transactionAbortRequested,
  transactionCommitRequested,
  transactionDecisionTold,
  transactionPrepareRequested,
  transactionUndoRequested,
} from '@aura/contracts';
import type { CloudEvent, JsonObject, JsonValue } from '@aura/contracts';
import { BusinessError } from '@aura/kernel';
import type { Journal } from '@aura/kernel';
import { COORDINATOR_SOURCE, EVENTS_EXCHANGE, participantKey } from '@aura/messaging';
import { until } from '@aura/messaging/testing';
import { defineAction } from '@aura/workflow';
import type { ParticipantDefinition, ParticipantPorts, PlainEvent, ResourceType } from '@aura/workflow';
import { z } from 'zod';
import { labAction } from '../lab/actions';
import { Stage } from '../participant/stage';
import { elsewhere, referenceTo } from '../payload/elsewhere';

/** Units on hand, 10 at first: what is prepared is reserved. */
export const stock: ResourceType<number> = {
  name: 'stock',
  initial: 10,
  evolve: (onHand, change) => onHand - Number(change),
  decide: (onHand, amount, id) =>
    onHand >= Number(amount)
      ? { change: amount }
      : { refused: { code: 'OUT_OF_STOCK', message: `${id} has ${onHand}, not ${String(amount)}` } },
  reverse: (change) => -Number(change),
  reserve: (onHand, change) => onHand - Math.max(0, Number(change)),
};

/** The name on a locker, which cannot be counted: what is prepared locks it whole. */
export const locker: ResourceType<string> = {
  name: 'locker',
  initial: '',
  evolve: (_name, change) => String((change as JsonObject)['to']),
  decide: (name, amount) => ({ change: { from: name, to: amount } }),
  reverse: (change) => {
    const { from, to } = change as { readonly from: string; readonly to: string };
    return { from: to, to: from };
  },
};

const NOISES: Readonly<Record<string, readonly PlainEvent[]>> = {
  noisy: [{ type: 'test.held.v1', subject: 'goods', data: 'noise' }],
  undeclared: [{ type: 'test.let-go.v1', data: 'noise' }],
};

/** Takes units of items, and names of lockers. */
export const hold = defineAction({
  name: 'hold',
  kind: 'stateful',
  input: z.object({
    items: z.record(z.string(), z.number()).default({}),
    lockers: z.record(z.string(), z.string()).default({}),
    mood: z
      .enum(['well', 'late no', 'early no', 'broken', 'noisy', 'undeclared', 'bad output', 'huge'])
      .default('well'),
  }),
  output: z.object({ taken: z.number(), text: z.string().optional() }),
  publishes: ['test.held.v1'],
  resources: [stock as ResourceType, locker as ResourceType],
  claim: ({ items, lockers, mood }) => {
    if (mood === 'early no') throw no('EARLY');
    if (mood === 'broken') throw new RangeError('bug');
    return [
      ...Object.entries(items).map(([id, amount]) => ({ type: 'stock', id, amount })),
      ...Object.entries(lockers).map(([id, amount]) => ({ type: 'locker', id, amount })),
    ];
  },
  outcome: ({ mood }, applied) => {
    if (mood === 'late no') throw no('LATE');
    if (mood === 'huge') return { output: { taken: 0, text: 'x'.repeat(2 ** 20) } };
    const output = { taken: mood === 'bad output' ? ('x' as unknown as number) : applied.length };
    return { output, events: NOISES[mood] ?? [] };
  },
  undo: { name: 'release' },
});

function no(code: string): BusinessError {
  return new BusinessError(code.toLowerCase(), { code, help: 'Ask for less.' });
}

/** Changes nothing, so that there is nothing to hold. */
const look = labAction('look', () => 1);

/** A store that offers to hold things, as step and as branch. */
export const store: ParticipantDefinition = { name: 'store', version: '1.0.0', actions: [hold, look] };

const REQUESTS = {
  prepare: transactionPrepareRequested.type,
  commit: transactionCommitRequested.type,
  abort: transactionAbortRequested.type,
  undo: transactionUndoRequested.type,
  told: transactionDecisionTold.type,
} as const;

/** A branch in a spec: `t1` stands for a transaction of that saga. */
export interface Asked {
  readonly ask: keyof typeof REQUESTS;
  readonly saga: string;
  readonly input?: JsonObject;
  readonly action?: string;
  readonly waitMs?: number;
  /** Default: what the coordinator says with this asking. */
  readonly data?: JsonValue;
  readonly plan?: string;
  /** Its data travels by reference. */
  readonly isElsewhere?: true;
}

/** Participants with branches; the spec plays the coordinator. */
export class BranchStage {
  private count = 0;

  private constructor(readonly stage: Stage) {}

  /** `ports`: what the participant gets instead of its own. */
  static async open(ports: (stage: Stage) => Partial<ParticipantPorts> = () => ({})): Promise<BranchStage> {
    const opened = new BranchStage(await Stage.open());
    await opened.stage.start(store, { ports: ports(opened.stage) });
    return opened;
  }

  get journal(): Journal {
    return this.stage.ports('store').journal;
  }

  /** Asks for something of a branch and waits for what it says next. */
  async ask(asked: Asked): Promise<CloudEvent> {
    const before = this.saidOf(asked.saga).length;
    await this.request(asked);
    await until(
      () => this.saidOf(asked.saga).length > before,
      `${asked.ask} of ${asked.saga} is answered (${this.stage.ground.warnings.map(({ message }) => message).join('; ')})`,
    );
    return this.saidOf(asked.saga)[before] as CloudEvent;
  }

  /** Asks for something of a branch. */
  async request(asked: Asked): Promise<void> {
    const { ask, saga, plan, data = dataOf(asked) } = asked;
    this.count += 1;
    const type = REQUESTS[ask];
    const event: CloudEvent = {
      specversion: '1.0',
      id: `asked/${this.count}`,
      source: COORDINATOR_SOURCE,
      type,
      time: new Date(this.stage.world.clock.now()).toISOString(),
      correlationid: saga,
      aurarun: 1,
      aurastep: 'all',
      aurapartition: 0,
      auraepoch: 1,
      datacontenttype: 'application/json',
      data,
      ...(plan === undefined ? {} : { auraplan: plan }),
    };
    const key = participantKey(type, 'store');
    const { claims } = this.stage.ports('store');
    const told = asked.isElsewhere === true ? elsewhere(event, await referenceTo(data, claims)) : event;
    await this.stage.ground.bus.publish([
      { event: told, to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key }] },
    ]);
  }

  /** What the branch of a saga's transaction said, in order. */
  saidOf(saga: string): readonly CloudEvent[] {
    return this.stage.tracked.filter(({ correlationid }) => correlationid === saga);
  }

  /** What is published by a key of the exchange of all events, from now on. */
  async hear(key: string): Promise<() => readonly CloudEvent[]> {
    const { bus } = this.stage.ground;
    await bus.declareQueue({ queue: key, kind: 'work' });
    await bus.bind([{ kind: 'queue', queue: key, exchange: EVENTS_EXCHANGE, key }]);
    const heard = await this.stage.ground.drain(key);
    return () => heard.flatMap(({ event }) => (event.ok ? [event.value] : []));
  }

  /** A resource, folded from its journal's changes alone. */
  async fold<S>(type: ResourceType<S>, id: string): Promise<S> {
    const rows = await this.journal.read(`${type.name}/${id}`);
    const changes = rows.flatMap(({ body }) =>
      Object.values((JSON.parse(body) as { readonly changes: Record<string, JsonValue> }).changes),
    );
    return changes.reduce<S>((state, change) => type.evolve(state, change), type.initial);
  }

  close(): Promise<void> {
    return this.stage.close();
  }
}

function dataOf({ ask, saga, input = {}, action = 'hold', waitMs = 1000 }: Asked): JsonObject {
  const more: Readonly<Record<typeof ask, JsonObject>> = {
    prepare: { action, input, waitMs },
    commit: {},
    abort: {},
    undo: { error: { kind: 'business', code: 'NO', message: 'given up' } },
    told: {},
  };
  return { transaction: transactionOf(saga), branch: 'goods', ...more[ask] };
}

/** Id of the transaction that the specs ask about. */
export function transactionOf(saga: string): string {
  return `${saga}/1/all/1`;
}
