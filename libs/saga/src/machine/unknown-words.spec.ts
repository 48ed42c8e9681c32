import { never } from '@aura/kernel';
import { ACTOR, prepared } from '../testing/told-transaction';
import { completed, SagaUnderTest, testPlan } from '../testing';
import { startedEntry } from '../testing/given-saga';
import type { TransactionInput } from '../transaction/transaction-input';
import type { SagaEntry } from './entry';
import { evolve } from './evolve';
import type { SagaInput } from './saga-input';

const plan = testPlan([{ id: 'a' }, { id: 'b', dependencies: ['a'], failure: { policy: 'suspend' } }]);
const running = new SagaUnderTest(plan).when([completed('a')]);
const place = { seq: 9, at: 5 };

describe('a saga that reads words of another version', () => {
  it.each<[string, SagaEntry]>([
    ['an entry', { kind: 'paused' } as unknown as SagaEntry],
    [
      'what a person did',
      { kind: 'mended', command: 'hush', actor: ACTOR, reason: '', steps: [] } as unknown as SagaEntry,
    ],
  ])('refuses to fold %s that it does not know, rather than to pass over it', (_what, entry) => {
    expect(() => evolve(plan, running.state, { entry }, place)).toThrow('unexpected value');
  });

  it('refuses an input that it does not know', () => {
    expect(() => running.when([{ kind: 'hush' } as unknown as SagaInput])).toThrow('unexpected value');
    const told = prepared();
    expect(() => told.when({ kind: 'hush' } as unknown as TransactionInput)).toThrow('unexpected value');
  });

  it('is begun once: a start in a later row changes nothing but its place', () => {
    const { seq, sequence, ...same } = evolve(plan, running.state, { entry: startedEntry(plan) }, place);
    expect([seq, sequence]).toEqual([9, running.state.sequence + 1]);
    expect(running.state).toMatchObject(same);
  });
});

describe('the end of an exhaustive switch', () => {
  it('names the value that nobody expected', () => {
    expect(() => never({ kind: 'hush' } as never)).toThrow('unexpected value {"kind":"hush"}');
  });
});
