import type { ErrorRecord } from '@aura/contracts';
import { StoreUnavailableError } from '@aura/kernel';
import { DONE, leaveNothing, OUTAGE_DEFAULTS, OutageBreaker } from '@aura/messaging';
import type { Consumer, DeliveryContext, Outcome, Retry } from '@aura/messaging';
import { someEvent, until } from '@aura/messaging/testing';
import { Consumption, toOut, WORK } from './consumption';

const OPTIONS = { ...OUTAGE_DEFAULTS, sagas: 3, firstWaitMs: 10_000, longestWaitMs: 25_000 };
const schedule = { maxAttempts: 2, initialDelayMs: 100, multiplier: 1, maxDelayMs: 100 };

function failure(code: string): Retry {
  const error = { kind: 'technical', code, message: `${code} happened` } as const;
  return { kind: 'retry', error, schedule, targets: [], onDead: leaveNothing };
}

/** Somebody else has what is wanted. */
function contended(): Outcome {
  return { ...failure('HELD_BY'), isContended: true };
}

describe('the breaker of a consumer', () => {
  let run: Consumption;
  let consumer: Consumer;
  let breaker: OutageBreaker;
  let told: string[];
  let pauses: number;
  let lastError: ErrorRecord | undefined;
  let answer: (context: DeliveryContext) => Outcome | Promise<Outcome>;

  beforeEach(async () => {
    run = await Consumption.open();
    told = [];
    pauses = 0;
    lastError = undefined;
    answer = () => failure('DOWN');
    const since = run.world.clock.now();
    breaker = new OutageBreaker(run.world, OPTIONS, {
      paused: (untilMs, error) => {
        told.push(`paused at ${run.world.clock.now() - since} until ${untilMs - since}`);
        lastError = error;
      },
      resumed: () => told.push(`resumed at ${run.world.clock.now() - since}`),
      failed: (error) => told.push(`failed: ${String(error)}`),
    });
    consumer = await run.consume((context) => answer(context), { outage: breaker });
    breaker.guard({
      ...consumer,
      pause: () => {
        pauses += 1;
        return consumer.pause();
      },
    });
  });
  afterEach(() => run.close());

  async function sendAll(...ids: readonly string[]): Promise<void> {
    for (const id of ids) await run.send(id);
  }

  /** Three sagas that fail alike. */
  async function breakDown(): Promise<void> {
    await sendAll('a', 'b', 'c');
    await run.called(3);
    await until(() => breaker.isOpen(), 'the breaker is open');
    await run.ground.emptied(WORK);
  }

  test('opens when different sagas fail alike with no success in between: it pauses and says until when', async () => {
    await breakDown();
    expect(told).toEqual(['paused at 0 until 15000']);
    expect(lastError).toMatchObject({ code: 'DOWN', message: 'DOWN happened' });
    await sendAll('d');
    await run.world.advance(9000);
    expect(run.calls).toHaveLength(3);
    expect(await run.ground.bus.depth(WORK)).toBe(4);
  });

  test.each([
    ['one saga alone is poison', ['x', 'x', 'x', 'x', 'x'], () => failure('DOWN')],
    [
      'different failures are nobody else’s fault',
      ['a', 'b', 'c', 'd'],
      ({ event }: DeliveryContext) => failure(`DOWN_${event.id}`),
    ],
    [
      'a success in between shows that others fare well',
      ['a', 'b', 'fine', 'c', 'd'],
      ({ event }: DeliveryContext) => (event.id === 'fine' ? DONE : failure('DOWN')),
    ],
    ['many want what others have: whoever frees it must be heard', ['a', 'b', 'c', 'd'], contended],
  ])('stays closed when %s', async (_rule, ids, said) => {
    answer = said;
    for (const [n, id] of ids.entries()) {
      await run.send(id);
      await run.called(n + 1);
      await run.ground.emptied(WORK);
    }
    expect([breaker.isOpen(), told]).toEqual([false, []]);
  });

  test('renews its word at a third of the lease as long as the outage lasts, also while it probes', async () => {
    await breakDown();
    await run.world.advance(15_000);
    expect(told).toEqual([
      'paused at 0 until 15000',
      'paused at 5000 until 20000',
      'paused at 10000 until 25000',
      'paused at 15000 until 30000',
    ]);
  });

  test('closes by a probe that hears that others have what it wants: somebody answers again', async () => {
    await breakDown();
    answer = contended;
    await run.world.advance(10_000);
    await run.called(4);
    await until(() => !breaker.isOpen(), 'the breaker is closed');
    expect(told.at(-1)).toBe('resumed at 10000');
  });

  test('probes with one delivery; a failure opens again and waits twice as long, up to the longest wait', async () => {
    await breakDown();
    await failedProbes(10_000, 20_000, 25_000, 25_000);
    expect(run.calls).toHaveLength(7);
  });

  /** Lets probes fail, each behind its wait and not before, with everything else in the queue waiting. */
  async function failedProbes(...waits: readonly number[]): Promise<void> {
    for (const wait of waits) {
      const [calls, before] = [run.calls.length, pauses];
      await run.world.advance(wait - 1);
      expect(run.calls).toHaveLength(calls);
      await run.world.advance(1);
      await until(() => pauses > before, 'the probe failed and the consumer is paused again');
      expect(run.calls).toHaveLength(calls + 1);
    }
  }

  test('burns no attempts while it is open: when the outage ends, everything goes on where it was', async () => {
    await breakDown();
    await failedProbes(10_000, 20_000, 25_000, 25_000, 25_000, 25_000, 25_000);
    answer = () => DONE;
    await run.world.advance(25_000);
    await until(() => !breaker.isOpen(), 'the breaker closes');
    await run.world.advance(1000);
    await run.ground.emptied(WORK);
    expect(run.dead).toHaveLength(0);
    expect(Math.max(...run.calls.map(({ attempt }) => attempt))).toBe(2);
  });

  test('closes with the first success: it goes on with its own prefetch, says so once, and leaves no timer', async () => {
    await breakDown();
    answer = () => DONE;
    await sendAll('d', 'e', 'f');
    await run.world.advance(10_000);
    await until(() => !breaker.isOpen(), 'the breaker closes');
    await run.called(9);
    await run.ground.emptied(WORK);
    expect(told.filter((line) => line.startsWith('resumed'))).toEqual(['resumed at 10000']);
    // The bus removes settled events within a second.
    await run.world.advance(1000);
    expect(run.world.waiting).toBe(0);
  });

  test('counts from the beginning after it closed', async () => {
    await breakDown();
    answer = () => DONE;
    await run.world.advance(10_000);
    await until(() => !breaker.isOpen(), 'the breaker closes');
    await run.called(6);
    answer = () => failure('DOWN');
    await sendAll('g', 'h');
    await run.called(8);
    await run.ground.emptied(WORK);
    expect(breaker.isOpen()).toBe(false);
  });

  test('asks for another probe when one is not answered, and keeps listening on an empty queue', async () => {
    await breakDown();
    answer = () => new Promise<Outcome>(() => undefined);
    await run.world.advance(10_000);
    await run.called(4);
    await sendAll('d');
    await run.world.advance(OPTIONS.probeMs * 2);
    expect(run.calls).toHaveLength(4);
    expect(breaker.isOpen()).toBe(true);
  });

  test('renews its word no longer than a probe may take: what is waited for may come only by a timeout', async () => {
    await breakDown();
    answer = () => new Promise<Outcome>(() => undefined);
    await run.world.advance(10_000 + OPTIONS.probeMs * 3);
    expect(told.at(-1)).toMatch(/^paused at (35000|40000) /);
    expect(breaker.isOpen()).toBe(true);
  });

  test('opens for a store that is away, whose deliveries wait without an attempt', async () => {
    answer = () => Promise.reject(new StoreUnavailableError('no journal'));
    await breakDown();
    expect(lastError).toMatchObject({ code: 'STORE_UNAVAILABLE', message: 'no journal' });
  });

  test('opens for a bus that takes nothing; publishing again, and not deciding, is the success', async () => {
    const nowhere = { event: someEvent('x'), to: [{ kind: 'queue', queue: 'aura.nowhere' }] } as const;
    answer = () => ({ kind: 'done', publish: [nowhere] });
    await sendAll('a', 'b', 'c');
    await until(() => breaker.isOpen(), 'the breaker is open');
    await run.world.advance(10_000);
    await run.called(4);
    // It renews its word, and says the same once more when the probe could not be published.
    await until(
      () => told.filter((line) => line === 'paused at 10000 until 25000').length === 2,
      'it opens again',
    );
    answer = () => ({ kind: 'done', publish: [toOut('a')] });
    await run.world.advance(22_000);
    await until(() => !breaker.isOpen(), 'the breaker closes');
    await run.ground.emptied(WORK);
    expect(run.dead).toHaveLength(0);
  });

  test('stopped, takes note of nothing more and leaves no timer behind', async () => {
    answer = ({ event }) => (event.id === 'hang' ? new Promise<Outcome>(() => undefined) : failure('DOWN'));
    breaker.stop();
    await sendAll('a', 'b', 'c', 'd');
    await run.called(4);
    await run.ground.emptied(WORK);
    breaker.succeeded();
    expect([breaker.isOpen(), told]).toEqual([false, []]);
  });

  test('stopped while open, renews nothing', async () => {
    await breakDown();
    breaker.stop();
    await run.world.advance(60_000);
    expect([breaker.isOpen(), told.length]).toEqual([true, 1]);
  });

  test('that opened before it knew its consumer pauses it when it comes', async () => {
    const early = new OutageBreaker(run.world, OPTIONS, {
      paused: () => told.push('paused'),
      resumed: () => told.push('resumed'),
      failed: (error) => told.push(String(error)),
    });
    await consumer.stop(0);
    const late = await run.consume(() => failure('DOWN'), { outage: early });
    await breakDownOf(early);
    early.guard(late);
    const calls = run.calls.length;
    await run.send('z');
    expect([await run.ground.bus.depth(WORK), run.calls.length]).toEqual([1, calls]);
    early.stop();
  });

  async function breakDownOf(one: OutageBreaker): Promise<void> {
    await sendAll('a', 'b', 'c');
    await until(() => one.isOpen(), 'the breaker is open');
    await run.ground.emptied(WORK);
  }

  test('tells of a consumer that cannot be paused', async () => {
    const gone = { ...consumer, pause: () => Promise.reject(new Error('channel closed')) };
    breaker.guard(gone);
    await breakDown();
    await until(() => told.some((line) => line.includes('channel closed')), 'it is told');
  });
});
