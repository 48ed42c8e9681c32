import type { CloudEvent } from '@aura/contracts';
import {
  ack,
  ALL,
  begin,
  fence,
  prepared,
  ToldTransaction,
  undone,
  vote,
} from '../../testing/told-transaction';
import type { TransactionInput } from '../../transaction/transaction-input';
import type { TransactionState } from '../../transaction/transaction-state';
import type { TransactionDelivery } from './transaction-delivery';
import { transactionReplies } from './transaction-replies';

const EVENT: CloudEvent = {
  specversion: '1.0',
  id: 'asked/7',
  source: '/aura/stock-service',
  type: 'ai.aura.transaction.decision-requested.v1',
};
const BEGIN: TransactionDelivery = { kind: 'begin', transaction: 's1/1/reserve/1', branches: [] };
const FENCE: TransactionDelivery = {
  kind: 'fence',
  mode: 'undo',
  error: { kind: 'business', code: 'NO', message: '' },
};
const about = (
  input: Extract<TransactionDelivery, { readonly kind: 'named' }>['input'],
): TransactionDelivery => ({
  kind: 'named',
  transaction: 's1/1/reserve/1',
  input,
});
const ASK = about({ kind: 'ask', branch: 'stock', participant: 'stock-service', held: [] });

function replies(told: ToldTransaction, delivery: TransactionDelivery, isPublished = true) {
  const state = told.state as TransactionState;
  const unpublished = isPublished ? [] : told.said;
  return transactionReplies({ state, unpublished, publishedSeq: 0 }, delivery, EVENT, {
    now: 2000,
    gapSince: told.gapSince,
  });
}

const types = (...asked: Parameters<typeof replies>) =>
  replies(...asked).map(({ event }) => event.type.slice('ai.aura.'.length));

const committed = () =>
  prepared()
    .when(vote('outfit'))
    .when(...ALL.map((id) => ack(id)));
const refused = () => new ToldTransaction().when(begin(3)).when(vote('stock', 'no'));

describe('an asking of a transaction is answered', () => {
  test('with "undecided", and until when, while votes are waited for', () => {
    expect(replies(prepared(), ASK)).toMatchObject([
      {
        event: {
          id: 'asked/7/answer/undecided/1970-01-01T00:00:06.000Z',
          causationid: 'asked/7',
          data: { branch: 'stock', decision: 'undecided', until: '1970-01-01T00:00:06.000Z' },
        },
        to: [{ key: 'ai.aura.transaction.decision-told.v1.stock-service' }],
      },
    ]);
  });

  test('with other words once votes are waited for longer, because nobody was there to count them', () => {
    const told = prepared();
    const before = replies(told, ASK).map(({ event }) => event.id);
    told.gapSince = () => 500;
    const after = replies(told, ASK).map(({ event: { id, data } }) => ({ id, data }));
    expect(after).toMatchObject([{ data: { until: '1970-01-01T00:00:06.500Z' } }]);
    expect(after.map(({ id }) => id)).not.toEqual(before);
  });

  test('with the decision, to who asks for it, once it stands', () => {
    expect(types(committed(), ASK)).toEqual(['transaction.commit-requested.v1']);
    expect(types(refused(), ASK)).toEqual(['transaction.abort-requested.v1']);
  });

  test('with how its step ended, to a step that is begun again', () => {
    expect(types(committed(), BEGIN)).toEqual(['step.completed.v1']);
    expect(types(refused(), BEGIN)).toEqual(['step.failed.v1']);
    expect(types(refused().when(ack('money', 'aborted'), ack('outfit', 'aborted')), BEGIN)).toEqual([
      'step.failed.v1',
    ]);
  });

  test('with nothing while it has not ended, where another follows, and where its saga was given up', () => {
    expect(types(prepared(), BEGIN)).toEqual([]);
    expect(types(new ToldTransaction().when(begin(3)).after(5000).when({ kind: 'timer' }), BEGIN)).toEqual(
      [],
    );
    expect(types(refused().when(fence()), BEGIN)).toEqual([]);
  });

  test('with what was answered to a fence, whenever it is asked again', () => {
    expect(types(refused().when(fence()), FENCE)).toEqual(['step.nothing-to-undo.v1']);
    expect(types(committed().when(fence()).when(undone('outfit', 'failed')), FENCE)).toEqual([
      'step.undo-failed.v1',
    ]);
  });

  test('with the end of its step, where that is all that a fence wanted to know', () => {
    expect(types(committed().when(fence('ask')), FENCE)).toEqual(['step.completed.v1']);
  });

  test('once only: what was not published yet says it already', () => {
    expect(replies(committed(), BEGIN, false)).toEqual([]);
  });

  test.each<TransactionInput>([vote('stock'), ack('stock'), undone('stock')])(
    'and nobody else is: %j',
    (input) => {
      expect(replies(committed(), about(input as never))).toEqual([]);
    },
  );
});
