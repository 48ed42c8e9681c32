import { BusinessError, StoreUnavailableError, TerminalError } from '@aura/kernel';
import type { Journal } from '@aura/kernel';
import { Ground } from '../ground/ground';
import { FaultyJournal } from './faulty-journal';
import { barrierOver, bookOf, keyOf, passageOf, pay, take } from './payment';
import type { Payment } from './payment';

const YEAR_MS = 365 * 86_400_000;

describe('the barrier at a participant', () => {
  let ground: Ground;
  let journal: Journal;
  beforeEach(async () => {
    ground = await Ground.open();
    journal = ground.embedded.journal('bank');
  });
  afterEach(() => ground.close());

  const barrier = () => barrierOver(journal, ground.world.clock);
  const types = ({ events }: Awaited<ReturnType<typeof pay>>) => events.map(({ type }) => type);

  test('applies a claim once and records the outcome behind it', async () => {
    const end = await pay(barrier(), { from: [take('anna', 30), take('ben', 20)] });
    expect(end.events).toMatchObject([{ type: 'test.paid.v1', data: { changes: [30, 20] } }]);
    expect(await bookOf(journal, 'anna')).toMatchObject({ balance: 70, operations: ['step/s/1/pay/0'] });
    expect(await bookOf(journal, 'ben')).toMatchObject({ balance: 80, operations: ['step/s/1/pay/1'] });
    const rows = await journal.read('step/s/1/pay');
    expect(rows.map(({ operations }) => operations)).toEqual([['claim'], ['end']]);
  });

  test('passes a step that claims nothing', async () => {
    expect(types(await pay(barrier(), { from: [] }))).toEqual(['test.paid.v1']);
  });

  test('answers the same operation a year later with the same bytes, after a restart, whatever it brings', async () => {
    const first = await pay(barrier(), { from: [take('anna', 30)] });
    await ground.reopen();
    await ground.world.advance(YEAR_MS);
    journal = ground.embedded.journal('bank');
    const again = await pay(barrier(), { trigger: 'late', from: [take('ben', 99)] });
    expect(JSON.stringify(again)).toBe(JSON.stringify(first));
    expect(await bookOf(journal, 'anna')).toMatchObject({ balance: 70, rows: 1 });
    expect(await bookOf(journal, 'ben')).toMatchObject({ balance: 100, rows: 0 });
  });

  test('lets a later trigger with another input continue the first claim', async () => {
    const dying = new FaultyJournal(journal, { append: 2, when: 'before' });
    const first = pay(barrierOver(dying, ground.world.clock), { from: [take('anna', 30)] });
    await expect(first).rejects.toThrow(StoreUnavailableError);
    const end = await pay(barrier(), { trigger: 'second', from: [take('ben', 50)] });
    expect(end.events[0]?.data).toEqual({ input: { trigger: 'first' }, changes: [30] });
    expect((await bookOf(journal, 'anna')).balance).toBe(70);
    expect((await bookOf(journal, 'ben')).balance).toBe(100);
  });

  test('takes another run of a step for another operation', async () => {
    const one = barrier();
    await pay(one, { from: [take('anna', 30)] });
    await pay(one, { run: 2, from: [take('anna', 30)] });
    expect((await bookOf(journal, 'anna')).balance).toBe(40);
  });

  test('records a refusal of a resource, and answers it again when there would be enough', async () => {
    const one = barrier();
    const refused = await pay(one, { from: [take('anna', 101)] });
    expect(refused.events).toMatchObject([
      { type: 'ai.aura.step.failed.v1', data: { code: 'NO_MONEY', message: 'anna has 100, not 101' } },
    ]);
    await pay(one, { step: 'earn', from: [take('anna', -50)] });
    expect(await pay(one, { from: [take('anna', 101)] })).toEqual(refused);
    expect((await bookOf(journal, 'anna')).balance).toBe(150);
  });

  test('takes back what was applied before the refusing resource, once, in reverse order', async () => {
    const one = barrier();
    const payment: Payment = { from: [take('anna', 30), take('ben', 20), take('cleo', 500)] };
    const noting = new FaultyJournal(journal);
    await pay(barrierOver(noting, ground.world.clock), payment);
    expect(noting.streams.slice(-2)).toEqual(['account/ben', 'account/anna']);
    await pay(one, payment);
    await pay(barrier(), payment);
    expect(await bookOf(journal, 'anna')).toMatchObject({
      balance: 100,
      operations: ['step/s/1/pay/0', 'step/s/1/pay/0/reverse'],
    });
    expect((await bookOf(journal, 'ben')).operations).toEqual(['step/s/1/pay/1', 'step/s/1/pay/1/reverse']);
    expect((await bookOf(journal, 'cleo')).rows).toBe(0);
  });

  test('records a refusal of the action itself: it takes the key, and nothing is claimed', async () => {
    const deciding = () => {
      throw new BusinessError('blocked', { code: 'BLOCKED', help: 'Ask the bank.' });
    };
    const refused = await pay(barrier(), { from: [], deciding });
    expect(refused.events).toMatchObject([{ data: { code: 'BLOCKED', message: 'blocked' } }]);
    expect(await pay(barrier(), { from: [take('anna', 1)] })).toEqual(refused);
    expect((await journal.read('step/s/1/pay')).map(({ operations }) => operations)).toEqual([['end']]);
  });

  test('takes everything back when the action refuses behind its effects', async () => {
    const ending = () => {
      throw new BusinessError('second thoughts', { code: 'NO', help: 'Think first.' });
    };
    const refused = await pay(barrier(), { from: [take('anna', 30)], ending });
    expect(refused.events).toMatchObject([{ data: { code: 'NO' } }]);
    expect((await bookOf(journal, 'anna')).balance).toBe(100);
  });

  test('goes on with the claim of another trigger that was first while this one decided', async () => {
    const [one, other] = [barrier(), barrier()];
    const end = await pay(one, {
      trigger: 'slow',
      from: [take('anna', 1)],
      deciding: async () => void (await pay(other, { trigger: 'quick', from: [take('ben', 2)] })),
    });
    expect(end.events[0]?.data).toEqual({ input: { trigger: 'quick' }, changes: [2] });
    expect((await bookOf(journal, 'anna')).rows).toBe(0);
  });

  test('does not let a refusal end a step whose claim another trigger has just made', async () => {
    const [one, other] = [barrier(), barrier()];
    const end = await pay(one, {
      trigger: 'slow',
      from: [],
      deciding: async () => {
        await pay(other, { trigger: 'quick', from: [take('ben', 2)] });
        throw new BusinessError('late', { code: 'LATE', help: 'Be quick.' });
      },
    });
    expect(types(end)).toEqual(['test.paid.v1']);
    expect((await bookOf(journal, 'ben')).balance).toBe(98);
  });

  test('takes back what a trigger applied beside another one that was refused', async () => {
    const [one, other] = [barrier(), barrier()];
    const payment: Payment = { from: [take('anna', 150)] };
    // Both have the claim; the first is refused, then money comes, and the second finds enough of it.
    await pay(
      barrierOver(new FaultyJournal(journal, { append: 1, when: 'behind' }), ground.world.clock),
      payment,
    ).catch((error: unknown) => expect(error).toBeInstanceOf(StoreUnavailableError));
    const standing = await other.ask(keyOf(payment));
    const refused = await pay(one, payment);
    await pay(one, { step: 'earn', from: [take('anna', -100)] });
    const late = await other.pass(passageOf(payment, standing));
    expect(late).toEqual(refused);
    expect(types(late)).toEqual(['ai.aura.step.failed.v1']);
    const book = await bookOf(journal, 'anna');
    expect(book.balance).toBe(200);
    expect(book.operations.slice(-2)).toEqual(['step/s/1/pay/0', 'step/s/1/pay/0/reverse']);
  });

  test('ends nothing for what is no refusal: the claim stands for the next trigger', async () => {
    const broken = () => {
      throw new RangeError('bug');
    };
    await expect(pay(barrier(), { from: [], deciding: broken })).rejects.toThrow('bug');
    expect(await journal.head('step/s/1/pay')).toBe(0);
    await expect(pay(barrier(), { from: [take('anna', 5)], ending: broken })).rejects.toThrow('bug');
    expect(types(await pay(barrier(), { from: [] }))).toEqual(['test.paid.v1']);
    expect((await bookOf(journal, 'anna')).balance).toBe(95);
  });

  test('refuses to claim what the action does not declare, before anything is written', async () => {
    const undeclared = pay(barrier(), { from: [take('anna', 1), take('x', 1, 'shelf')] });
    await expect(undeclared).rejects.toThrow(TerminalError);
    await expect(pay(barrier(), { from: [take('x', 1, 'shelf')] })).rejects.toMatchObject({
      code: 'UNDECLARED_RESOURCE',
      message: 'an action claims shelf/x, but declares no resource type shelf',
    });
    expect(await journal.head('step/s/1/pay')).toBe(0);
  });

  test.each(['', 'eve\u0000x', 'a\nb', 'a\ud800'])('takes no resource whose id is %j', async (id) => {
    await expect(pay(barrier(), { from: [take('anna', 1), take(id, 1)] })).rejects.toMatchObject({
      code: 'INVALID_RESOURCE_ID',
      message: `an action claims a resource of type account whose id is ${JSON.stringify(id)}`,
    });
    expect([await journal.head('step/s/1/pay'), await journal.head('account/anna')]).toEqual([0, 0]);
  });

  test('goes on where payloads were erased: what is gone is not said again', async () => {
    const erased = (step: string, operation: string, body: object) => ({
      stream: `step/s/1/${step}`,
      seq: 1,
      at: 0,
      operations: [operation],
      body: JSON.stringify(body),
    });
    await journal.append([
      erased('pay', 'end', { kind: 'end', types: ['test.paid.v1'] }),
      erased('owe', 'claim', { kind: 'claim', resources: [take('anna', 30)] }),
    ]);
    expect(await pay(barrier(), { from: [take('anna', 30)] })).toEqual({ events: [] });
    expect((await pay(barrier(), { step: 'owe', from: [] })).events[0]?.data).toEqual({
      input: null,
      changes: [30],
    });
  });

  test('gives up on a store that never gives a place', async () => {
    const conflicts = new FaultyJournal(journal);
    conflicts.append = (rows) => Promise.resolve(rows.map(() => 'conflict' as const));
    await expect(pay(barrierOver(conflicts, ground.world.clock), { from: [] })).rejects.toThrow(
      'gave no place in 50 tries',
    );
  });
});
