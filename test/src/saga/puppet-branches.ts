import {
  transactionAbortRequested,
  transactionAcknowledged,
  transactionBranchUndone,
  transactionBranchUndoFailed,
  transactionCommitRequested,
  transactionDecisionRequested,
  transactionDecisionTold,
  transactionPrepareRequested,
  transactionUndoRequested,
  transactionVoted,
} from '@aura/contracts';
import type { CloudEvent, JsonObject } from '@aura/contracts';
import {
  EVENTS_EXCHANGE,
  participantKey,
  participantQueue,
  participantSource,
  trackerQueue,
} from '@aura/messaging';
import { eventually } from '../lab/eventually';
import { puppetDefinition } from './house';
import type { House } from './house';

const ASKED = {
  prepare: transactionPrepareRequested.type,
  commit: transactionCommitRequested.type,
  abort: transactionAbortRequested.type,
  undo: transactionUndoRequested.type,
  wait: transactionDecisionTold.type,
} as const;

const SAID = {
  vote: transactionVoted.type,
  acknowledge: transactionAcknowledged.type,
  ask: transactionDecisionRequested.type,
  undone: transactionBranchUndone.type,
  undoFailed: transactionBranchUndoFailed.type,
} as const;

/** `a`, then a transaction of the branches `left` and `right`, then `b`. */
export function transactionDefinition(
  id: string,
  {
    maxEpochs = 1,
    prepareTimeout = '5s',
    policy = 'compensate',
  }: {
    readonly maxEpochs?: number;
    readonly prepareTimeout?: string;
    readonly policy?: 'compensate' | 'suspend';
  } = {},
): ReturnType<typeof puppetDefinition> {
  const branches = ['left', 'right'].map((side) => ({ id: side, action: `hold-${side}`, input: {} }));
  const reserve = {
    id: 'reserve',
    type: 'transaction',
    dependencies: ['a'],
    timeout: '5h',
    transaction: { prepareTimeout, branches },
    failure: { policy },
  };
  const steps = [{ id: 'a' }, reserve, { id: 'b', dependencies: ['reserve'] }];
  return puppetDefinition(id, steps, { timeout: '10h', retryPolicy: { maxEpochs } });
}

/** The puppet's branches: they say what the test wants, when it wants, and answer nothing by themselves. */
export class PuppetBranches {
  private count = 0;

  constructor(private readonly house: House) {}

  /** Lets requests to branches reach the puppet. */
  async bind(): Promise<void> {
    const queue = participantQueue(this.house.puppet.name);
    const keys = Object.values(ASKED).map((type) => participantKey(type, this.house.puppet.name));
    await this.house.embedded.bus.bind(
      keys.map((key) => ({ kind: 'queue', queue, exchange: EVENTS_EXCHANGE, key })),
    );
  }

  /** Requests of a saga's branch so far, with each redelivery. */
  requests(saga: string, what: keyof typeof ASKED, branch: string): readonly CloudEvent[] {
    return this.house.puppet.received.flatMap(({ event }) => {
      if (!event.ok || event.value.type !== ASKED[what] || event.value.correlationid !== saga) return [];
      return (event.value.data as { readonly branch: string }).branch === branch ? [event.value] : [];
    });
  }

  /** The n-th different request (from 1) of a branch, once it is there. */
  asked(saga: string, what: keyof typeof ASKED, branch: string, n = 1): Promise<CloudEvent> {
    return eventually(`${what} ${n} of ${branch} is asked for`, () => {
      const byId = new Map(this.requests(saga, what, branch).map((event) => [event.id, event]));
      return [...byId.values()][n - 1];
    });
  }

  /** Says something in the place of a branch, about the request it was asked last; answers the event's id. */
  async say(
    request: CloudEvent,
    what: keyof typeof SAID,
    data: JsonObject = {},
    more: Partial<CloudEvent> = {},
  ): Promise<string> {
    this.count += 1;
    const { transaction, branch } = request.data as { readonly transaction: string; readonly branch: string };
    const event: CloudEvent = {
      ...request,
      id: `branches/${transaction}/${branch}/${what}/${this.count}/${request.auraepoch ?? 1}`,
      source: participantSource(this.house.puppet.name),
      type: SAID[what],
      data: { transaction, branch, ...data },
      ...more,
    };
    await this.track(event);
    return event.id;
  }

  /** Brings an event to the queue of its partition, as it is. */
  async track(event: CloudEvent): Promise<void> {
    await this.house.embedded.bus.publish([
      { event, to: [{ kind: 'queue', queue: trackerQueue(event.aurapartition ?? 0), batch: true }] },
    ]);
  }

  /** A branch votes. */
  async vote(
    saga: string,
    branch: string,
    vote: 'yes' | 'no' | 'read-only' = 'yes',
    ...[n = 1, more = {}]: readonly [n?: number, more?: JsonObject]
  ): Promise<void> {
    const error = { kind: 'business', code: 'NONE_LEFT', message: 'none left' };
    const held = [{ type: 'coats', id: branch }];
    const request = await this.asked(saga, 'prepare', branch, n);
    const { incarnation = null } = request.data as JsonObject;
    await this.say(request, 'vote', {
      vote,
      incarnation,
      ...(vote === 'no' ? { error } : { output: { held: branch }, held }),
      ...more,
    });
  }

  /** A branch has done what it was asked for. */
  async acknowledge(saga: string, branch: string, what: 'commit' | 'abort' = 'commit'): Promise<void> {
    const decision = what === 'commit' ? 'committed' : 'aborted';
    await this.say(await this.asked(saga, what, branch), 'acknowledge', { decision });
  }

  /** A branch has undone what it did. */
  async undone(saga: string, branch: string, n = 1): Promise<void> {
    await this.say(await this.asked(saga, 'undo', branch, n), 'undone', { effect: 'undone' });
  }
}
