import type { Standing } from '@aura/contracts';
import { openSagaStatus } from '@aura/contracts';
import type { FieldCondition, ViewRecord, ViewStore } from '@aura/kernel';
import { explain, waitingOf } from '../machine/waiting';
import type { GapSince } from '../machine/gap-since';
import type { SagaBook } from './book';
import type { BookedSaga } from './booked-saga';
import type { DeadLetterField } from './dead-letters';
import { waitsFor } from './definition-record';
import type { DefinitionRecord } from './definition-record';
import type { DefinitionStore } from './definition-store';
import { earlyId, MOST_HELD_MS, unclaimedOf } from './early-events';
import type { EarlyEvent, EarlyEvents } from './early-events';
import type { SagaViewField } from './saga-view';
import type { TransactionBoard } from './transactions/transaction-board';

/** Things of one kind that are looked at once. */
const MOST = 200;
/** How long a dead letter may wait for a person before it is asked for again, ms: a day. */
const LETTER_WAIT_MS = 24 * 3_600_000;
/** What is due is acted on within this time; beyond, it is overdue, ms. */
const GRACE_MS = 60_000;

/** Where things stand that may not have ended. */
export interface StandingSources {
  readonly sagas: ViewStore<SagaViewField>;
  readonly letters: ViewStore<DeadLetterField>;
  readonly book: SagaBook;
  readonly store: DefinitionStore;
  readonly early: EarlyEvents;
  readonly gaps: { gapSince(partition: number): GapSince };
  readonly board: Pick<TransactionBoard, 'standing' | 'dueBefore'>;
}

/**
 * The liveness rule: whatever has not ended says what it waits for, until when, and who acts then. Finds what is past its
 * time or lacks one of the three, and explains each in one sentence. Times are ms since 1970. Errors: `StoreUnavailableError`.
 */
export class Standings {
  constructor(private readonly sources: StandingSources) {}

  /** Sagas of some partitions (of all, when none are named) that are past their time, or do not say it. */
  async overdueSagas(now: number, partitions?: readonly number[]): Promise<readonly Standing[]> {
    const own: readonly FieldCondition<SagaViewField>[] =
      partitions === undefined ? [] : [{ field: 'partition', op: 'in', value: partitions }];
    const open = { field: 'status', op: 'in', value: openSagaStatus.options } as const;
    const waiting = { field: 'status', op: 'in', value: ['suspended', 'compensation_failed'] } as const;
    const due = { field: 'dueAt', op: 'lt', value: now - GRACE_MS } as const;
    const found = await Promise.all([this.page([...own, open, due]), this.page([...own, waiting])]);
    const ids = new Set(found.flat().map(({ id }) => id));
    const booked = await this.sources.book.open([...ids]);
    return [...booked.values()]
      .flatMap((saga) => this.ofSaga(saga) ?? [])
      .filter((standing) => isOverdue(standing, now));
  }

  /** Transactions of some partitions (of all, when none are named) that are past their time. */
  async overdueTransactions(now: number, partitions?: readonly number[]): Promise<readonly Standing[]> {
    const due = await this.sources.board.dueBefore(now - GRACE_MS, partitions);
    return due.filter((standing) => isOverdue(standing, now));
  }

  /** Sagas of some partitions that go on although their views name no time: their timers would not be found. */
  async untimedSagas(partitions: readonly number[]): Promise<readonly string[]> {
    const views = await this.page([
      { field: 'partition', op: 'in', value: partitions },
      { field: 'status', op: 'in', value: ['running', 'compensating'] },
      { field: 'dueAt', op: 'eq', value: null },
    ]);
    return views.map(({ id }) => id);
  }

  /** Events, dead letters and definitions that are past their time. */
  async overdueOthers(now: number): Promise<readonly Standing[]> {
    const { early, store, letters } = this.sources;
    await store.refreshIfOld();
    const events = await early.list(now - GRACE_MS - MOST_HELD_MS);
    const old = await letters.find({
      where: [{ field: 'recordedAt', op: 'lt', value: now - LETTER_WAIT_MS }],
      orderBy: { field: 'recordedAt', direction: 'asc' },
      limit: MOST,
    });
    const definitions = store.known.all().flatMap(({ record }) => ofDefinition(record) ?? []);
    return [...events.map(ofEvent), ...old.map(ofLetter), ...definitions].filter((one) =>
      isOverdue(one, now),
    );
  }

  /** One thing by its id, whatever it is; undefined when nothing with this id waits for anything. */
  async explain(id: string): Promise<Standing | undefined> {
    const { book, early, letters } = this.sources;
    const saga = (await book.open([id])).get(id);
    if (saga !== undefined) return this.ofSaga(saga);
    const transaction = await this.sources.board.standing(id);
    if (transaction !== undefined) return transaction;
    const event = await early.find(id);
    if (event !== undefined) return ofEvent(event);
    const letter = await letters.get(id);
    if (letter !== undefined) return ofLetter(letter);
    return this.definition(id);
  }

  private async definition(id: string): Promise<Standing | undefined> {
    const { store } = this.sources;
    await store.refresh();
    const known = store.known
      .all()
      .find(({ record: { plan } }) => `${plan.definition}@${plan.version}` === id);
    return known && ofDefinition(known.record);
  }

  private page(
    where: readonly FieldCondition<SagaViewField>[],
  ): Promise<readonly ViewRecord<SagaViewField>[]> {
    return this.sources.sagas.find({
      where,
      orderBy: { field: 'startedAt', direction: 'asc' },
      limit: MOST,
    });
  }

  private ofSaga({ compiled, state }: BookedSaga): Standing | undefined {
    const gapSince = this.sources.gaps.gapSince(state.partition);
    const waiting = waitingOf(compiled, state, gapSince);
    if (waiting === undefined) return undefined;
    const why = explain(compiled, state, gapSince);
    return { kind: 'saga', id: state.saga, ...waiting, until: iso(waiting.until), why };
  }
}

/** Whether something is past its time by more than it takes to act, or does not say one of the three. */
export function isOverdue({ waitingFor, until, owner }: Standing, now: number): boolean {
  return waitingFor === '' || owner === '' || !(Date.parse(until) >= now - GRACE_MS);
}

function ofEvent(held: EarlyEvent): Standing {
  const { until, why, correlation } = unclaimedOf(held);
  return {
    kind: 'event',
    id: earlyId(held.event),
    waitingFor: `saga ${correlation}`,
    until,
    owner: 'coordinator',
    why,
  };
}

function ofLetter({ id, fields }: ViewRecord<DeadLetterField>): Standing {
  const { saga, consumer, code, recordedAt } = fields;
  const until = iso(Number(recordedAt) + LETTER_WAIT_MS);
  const whose = saga === null ? '' : ` of saga ${String(saga)}`;
  const why = `Dead letter ${id}${whose} stands since ${iso(Number(recordedAt))} because ${String(consumer)} could not handle it (${String(code)}); it waits for a person until ${until} (operators).`;
  return { kind: 'dead-letter', id, waitingFor: 'a person', until, owner: 'operators', why };
}

function ofDefinition(record: DefinitionRecord): Standing | undefined {
  const missing = waitsFor(record);
  if (record.status !== 'publishing' || missing.length === 0 || record.until === undefined) return undefined;
  const { definition, version } = record.plan;
  const until = iso(record.until);
  const waitingFor = missing.join(', ');
  const why = `Definition ${definition} ${version} is publishing and waits for ${waitingFor} to bind it; at ${until} the coordinator lets it expire.`;
  return { kind: 'definition', id: `${definition}@${version}`, waitingFor, until, owner: 'coordinator', why };
}

/** A time that is none is said as such: it is a lack to be found, not a reason to fail. */
function iso(ms: number): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : '';
}
