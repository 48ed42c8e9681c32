import { transactionQuery } from '../http-transactions';
import type { HttpRoad } from './road';

const UNKNOWN = { '404': 'No transaction has this id, whatever its shape.' };
const TAG = 'transactions';
const ONE = '/api/v1/transactions/{transaction}';
const STANDS = { '200': { description: 'The transaction as it stands.', shape: 'transaction-detail' } };

/** Roads of the in-doubt board. The id of a transaction is one segment, percent-encoded. */
export const transactionRoads: readonly HttpRoad[] = [
  {
    id: 'listTransactions',
    method: 'get',
    path: '/api/v1/transactions',
    tag: TAG,
    summary: 'Transactions that have not ended, or all that were not forgotten, newest first; at most 200',
    query: transactionQuery,
    answers: { '200': { description: 'The board.', shape: 'transaction-list' } },
    problems: { '400': 'The query cannot be read; `errors` has path and reason of each violation.' },
  },
  {
    id: 'showTransaction',
    method: 'get',
    path: ONE,
    tag: TAG,
    summary: 'Votes, who is waited for, what is held, what happens next',
    answers: STANDS,
    problems: UNKNOWN,
  },
  {
    id: 'decideTransaction',
    method: 'post',
    path: `${ONE}/decide`,
    tag: TAG,
    summary: 'Abort what is undecided, decide what is unknown, or answer for branches that do not',
    bodies: [
      {
        mediaTypes: ['application/json'],
        content: { shape: 'decide-request' },
        description: 'What and why; who acts is known. All stand in the journal.',
      },
    ],
    answers: STANDS,
    problems: {
      ...UNKNOWN,
      '400': 'The request cannot be read; `errors` has path and reason of each violation.',
      '409': 'It is decided otherwise, or nothing is left to decide; `detail` says which.',
    },
  },
  {
    id: 'forgetTransaction',
    method: 'delete',
    path: ONE,
    tag: TAG,
    summary: 'Take a transaction that has ended off the board',
    answers: STANDS,
    problems: { ...UNKNOWN, '409': 'An acknowledgement is missing, or it was forgotten before.' },
  },
];
