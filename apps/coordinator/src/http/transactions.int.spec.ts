import { executeAccepted, sagaDetail, transactionDetail, transactionList } from '@aura/contracts';
import { ask, execute, problemOf } from './testing/ask';
import { activate, openRealDoor, type RealDoor } from './testing/real-door';

const BOARD = '/api/v1/transactions';

const BOOKING = `id: booking
name: Booking
version: 1.0.0
input: { type: object, properties: { one: { type: string }, other: { type: string } }, required: [one, other] }
steps:
  - id: book
    type: transaction
    transaction:
      branches:
        - { id: one, action: reserve, input: { who: input.one } }
        - { id: other, action: reserve, input: { who: input.other } }
example: { one: ada, other: ben }
`;

let door: RealDoor;
let saga: string;
let one: string;
beforeAll(async () => {
  door = await openRealDoor({});
  await activate(door, BOOKING);
  const request = execute({ workflow: 'booking', input: { one: 'ada', other: 'ben' } });
  const { body } = await ask(door, '/api/v1/workflows/execute/async', request);
  saga = executeAccepted.parse(body).sagaId;
  one = `${BOARD}/${encodeURIComponent(`${saga}/1/book/1`)}`;
  await completed();
});
afterAll(() => door.close());

async function completed(): Promise<void> {
  for (;;) {
    const { body } = await ask(door, `/api/v1/workflows/${saga}`);
    if (sagaDetail.parse(body).status === 'completed') return;
  }
}

const decide = (decision: string, note = 'seen in the books'): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ decision, note }),
});

describe('the in-doubt board over HTTP', () => {
  it('shows a transaction with its votes, and what happens next', async () => {
    const detail = transactionDetail.parse((await ask(door, one)).body);
    expect(detail).toMatchObject({
      transaction: `${saga}/1/book/1`,
      sagaId: saga,
      status: 'committed',
      waitsFor: [],
      why: `Transaction ${saga}/1/book/1 (booking) is committed.`,
      next: 'Nothing: it has ended, and can be forgotten.',
    });
    expect(detail.branches).toMatchObject([
      { id: 'one', participant: 'greeter', action: 'reserve', vote: 'yes', held: [], done: true },
      { id: 'other', vote: 'yes', done: true },
    ]);
  });

  it('is no saga, and waits for nothing once it has ended: `why` leads on to it', async () => {
    const id = encodeURIComponent(`${saga}/1/book/1`);
    for (const path of [`/api/v1/workflows/${id}/why`, `/api/v1/why?id=${id}`])
      expect(await problemOf(door, path)).toMatchObject({ status: 404 });
  });

  it('lists what has not ended, or all, also of one saga', async () => {
    expect(transactionList.parse((await ask(door, BOARD)).body).transactions).toEqual([]);
    const ofAll = async (query: string) => {
      const { body } = await ask(door, `${BOARD}?which=all${query}`);
      return transactionList.parse(body).transactions.length;
    };
    let found = await ofAll('');
    while (found === 0) found = await ofAll('');
    expect([found, await ofAll(`&sagaId=${saga}`), await ofAll('&sagaId=other')]).toEqual([1, 1, 0]);
    expect(await problemOf(door, `${BOARD}?which=some`)).toMatchObject({ status: 400 });
  });

  it('refuses what never changes, and what nobody knows', async () => {
    for (const decision of ['aborted', 'committed'])
      expect(await problemOf(door, `${one}/decide`, decide(decision))).toMatchObject({
        status: 409,
        code: 'CANNOT_DECIDE',
      });
    expect(await problemOf(door, `${one}/decide`, decide('committed', ''))).toMatchObject({ status: 400 });
    const unknown = { status: 404, code: 'TRANSACTION_NOT_FOUND' };
    expect(await problemOf(door, `${BOARD}/nope`)).toMatchObject(unknown);
    expect(await problemOf(door, `${BOARD}/nope/decide`, decide('aborted'))).toMatchObject(unknown);
    expect(await problemOf(door, `${BOARD}/nope`, { method: 'DELETE' })).toMatchObject(unknown);
  });

  it('forgets what has ended, once', async () => {
    const { body } = await ask(door, one, { method: 'DELETE' });
    expect(transactionDetail.parse(body)).toMatchObject({ status: 'forgotten' });
    expect(await problemOf(door, one, { method: 'DELETE' })).toMatchObject({ status: 409 });
  });
});
