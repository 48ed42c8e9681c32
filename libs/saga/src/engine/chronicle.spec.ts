import { NO_LOG, NO_METER } from '@aura/kernel';
import type { Meter } from '@aura/kernel';
import { begunChild, completed, STAY, testPlan } from '../testing';
import { startedEntry } from '../testing/given-saga';
import { decideRefused, decideStart } from '../machine/decide';
import type { Turn } from '../machine/decide';
import type { CancelledEntry, FailedEntry } from '../machine/entry';
import { NO_GAP } from '../machine/gap-since';
import type { BookedSaga } from './booked-saga';
import { Chronicle } from './chronicle';

const parent = { saga: 'p1', run: 1, step: 'stay', iteration: 1 };
const clock = { now: 1_700_000_000_000, gapSince: NO_GAP };

/** A chronicle, and what it has counted. */
function counting(): { readonly chronicle: Chronicle; readonly counted: readonly string[] } {
  const counted: string[] = [];
  const count = (name: string, labels: object): void =>
    void counted.push(`${name} ${JSON.stringify(labels)}`);
  const meter: Meter = {
    ...NO_METER,
    counter: (name, labels) => ({ add: () => count(name, labels) }),
  };
  return { chronicle: new Chronicle(meter, NO_LOG), counted };
}

function booked(state: BookedSaga['state'], compiled = STAY): BookedSaga {
  return { compiled, state, publishedSeq: 0, unpublished: [] };
}

function refused(end: FailedEntry | CancelledEntry): Turn {
  return decideRefused(STAY, { ...startedEntry(STAY), parent }, end, clock);
}

describe('what is counted of sagas', () => {
  it('is a start for one that runs, and an end once it has ended', () => {
    const { chronicle, counted } = counting();
    const child = begunChild(STAY);
    chronicle.opened(booked(child.state), child.last.entries);
    const over = child.when([completed('a'), completed('book')], 10).state;
    chronicle.moved(child.state, booked(over));
    chronicle.moved(over, booked(over));
    expect(counted).toEqual([
      'aura_sagas_started_total {"definition":"stay"}',
      'aura_sagas_ended_total {"definition":"stay","status":"completed"}',
    ]);
  });

  it('is a refusal, and no start, for a sub-saga that never begins', () => {
    const { chronicle, counted } = counting();
    const error = { kind: 'technical', code: 'INVALID_INPUT', message: 'nights must be integer' } as const;
    const failing = refused({ kind: 'ended', status: 'failed', error });
    chronicle.opened(booked(failing.state), failing.entries);
    const actor = { subject: 'saga p1', roles: [] };
    const stopped = refused({ kind: 'ended', status: 'cancelled', actor, reason: 'it is enough' });
    chronicle.opened(booked(stopped.state), stopped.entries);
    expect(counted).toEqual([
      'aura_start_refusals_total {"code":"INVALID_INPUT"}',
      'aura_start_refusals_total {"code":"CANCELLED"}',
    ]);
  });

  it.each([
    ['a saga', {}],
    ['a sub-saga', { parent }],
  ])('is a start and an end for %s that ends in the row in which it begins', (_what, more) => {
    const { chronicle, counted } = counting();
    const plan = testPlan([{ id: 'pause', type: 'wait', wait: { for: '5m' }, when: 'input.late' }]);
    const turn = decideStart(plan, { ...startedEntry(plan), ...more }, { late: false }, clock);
    expect(turn.state).toMatchObject({ seq: 1, status: 'completed' });
    chronicle.opened(booked(turn.state, plan), turn.entries);
    expect(counted).toEqual([
      'aura_sagas_started_total {"definition":"test_flow"}',
      'aura_sagas_ended_total {"definition":"test_flow","status":"completed"}',
    ]);
  });
});
