import { NO_LOG, NO_METER } from '@aura/kernel';
import type { Meter } from '@aura/kernel';
import { begunChild, completed, STAY } from '../testing';
import { startedEntry } from '../testing/given-saga';
import { decideRefused } from '../machine/decide';
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

function booked(state: BookedSaga['state']): BookedSaga {
  return { compiled: STAY, state, publishedSeq: 0, unpublished: [] };
}

function refused(end: FailedEntry | CancelledEntry): BookedSaga {
  return booked(decideRefused(STAY, { ...startedEntry(STAY), parent }, end, clock).state);
}

describe('what is counted of sagas', () => {
  it('is a start for one that runs, and an end once it has ended', () => {
    const { chronicle, counted } = counting();
    const child = begunChild(STAY);
    chronicle.opened(booked(child.state));
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
    chronicle.opened(refused({ kind: 'ended', status: 'failed', error }));
    const actor = { subject: 'saga p1', roles: [] };
    chronicle.opened(refused({ kind: 'ended', status: 'cancelled', actor, reason: 'it is enough' }));
    expect(counted).toEqual([
      'aura_start_refusals_total {"code":"INVALID_INPUT"}',
      'aura_start_refusals_total {"code":"CANCELLED"}',
    ]);
  });
});
