import { deadLetterRecorded } from '@aura/contracts';
import { BusinessError, StoreUnavailableError, TerminalError } from '@aura/kernel';
import { DONE, leaveNothing, MAX_ENVELOPE_BYTES, together } from '@aura/messaging';
import type { Outcome, Retry, RetrySchedule } from '@aura/messaging';
import { someEvent, until } from '@aura/messaging/testing';
import { toUint8Array } from 'js-base64';
import { eventOf } from '../ground/ground';
import { Consumption, toOut, WORK } from './consumption';

const SCHEDULE: RetrySchedule = { maxAttempts: 3, initialDelayMs: 1000, multiplier: 2, maxDelayMs: 10_000 };
const ERROR = { kind: 'technical', code: 'BROKEN', message: 'broken', stack: 'at somewhere' } as const;

function retry(targets: readonly string[] = [], more: Partial<Retry> = {}): Retry {
  return { kind: 'retry', error: ERROR, schedule: SCHEDULE, targets, onDead: leaveNothing, ...more };
}

describe('a delivery through the pipeline', () => {
  let run: Consumption;
  beforeEach(async () => {
    run = await Consumption.open();
  });
  afterEach(() => run.close());

  test('that is done publishes first, tells that it is published, and is acked', async () => {
    const told: number[] = [];
    await run.consume(() => ({
      kind: 'done',
      publish: [toOut('one'), toOut('two')],
      published: () => told.push(run.out.length),
    }));
    await run.send('a');
    await run.ground.emptied(WORK);
    await until(() => run.out.length === 2, 'both are out');
    expect(run.out.map((delivery) => eventOf(delivery).id)).toEqual(['one', 'two']);
    expect(told).toHaveLength(1);
    expect(run.calls[0]).toMatchObject({ attempt: 1, consumer: 'tester', event: { id: 'a' } });
  });

  test('that is done with nothing to say, or dropped, is acked and leaves nothing', async () => {
    const outcomes: Outcome[] = [DONE, { kind: 'dropped', reason: 'known' }];
    await run.consume(() => outcomes.shift() ?? retry());
    await run.send('a');
    await run.send('b');
    await run.called(2);
    await run.ground.emptied(WORK);
    await run.world.advance(60_000);
    expect([run.calls.length, run.out.length, run.dead.length]).toEqual([2, 0, 0]);
  });

  test('that is held comes back after its wait, as often as need be, and no attempt is counted', async () => {
    const since = run.world.clock.now();
    const held: Outcome = { kind: 'held', reason: 'no plan yet', delayMs: 500, targets: ['pay'] };
    await run.consume(() => (run.calls.length < 4 ? held : DONE));
    await run.send('a', {}, { epoch: 2 });
    for (const n of [1, 2, 3]) {
      await run.called(n);
      await run.ground.emptied(WORK);
      await run.world.advance(499);
      expect(run.calls).toHaveLength(n);
      await run.world.advance(1);
    }
    await run.called(4);
    expect(run.calls.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1]);
    expect(run.calls.slice(1).map(({ delivery }) => delivery.headers)).toEqual(
      [1, 2, 3].map(() => ({ epoch: 2, targets: ['pay'], heldSince: since })),
    );
  });

  test('that fails climbs the ladder: each wait doubles within ±25 %, its attempt stands in a header', async () => {
    await run.consume(() => retry(['pay']));
    await run.send('a');
    for (const [attempt, wait] of [
      [1, 1000],
      [2, 2000],
    ] as const) {
      await run.called(attempt);
      await run.ground.emptied(WORK);
      await run.world.advance(wait * 0.75 - 1);
      expect(run.calls).toHaveLength(attempt);
      await run.world.advance(wait * 0.5 + 1);
      await run.called(attempt + 1);
    }
    expect(run.calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(run.calls[2]?.delivery.headers).toEqual({ attempt: 3, targets: ['pay'] });
  });

  test('at the end of the ladder becomes a dead letter with envelope, error, attempts and saga, and what it leaves behind knows its id', async () => {
    const onDead = (id: string, attempts: number) =>
      Promise.resolve([toOut('failed', { data: { id, attempts } })]);
    await run.consume(() => retry(['pay'], { onDead }));
    await run.send('a', { aurapartition: 7 }, { attempt: 3, epoch: 4 });
    await until(() => run.dead.length + run.out.length === 2, 'both are there');
    const envelope = run.calls[0]?.delivery.envelope();
    const letter = eventOf(run.dead[0]);
    const id = `dead/${WORK}/suite/a/pay/4/`;
    const now = new Date(run.world.clock.now()).toISOString();
    expect(letter).toMatchObject({
      id,
      source: '/aura/tester',
      type: deadLetterRecorded.type,
      time: now,
      correlationid: 'saga-a',
      causationid: 'a',
      aurapartition: 7,
    });
    const data = deadLetterRecorded.data.parse(letter.data);
    expect(data).toMatchObject({
      deadLetterId: id,
      queue: WORK,
      consumer: 'tester',
      targets: ['pay'],
      attempts: 3,
      error: ERROR,
      contentType: envelope?.contentType,
      recordedAt: now,
    });
    expect(Buffer.from(toUint8Array(data.body))).toEqual(envelope?.bytes);
    expect(eventOf(run.out[0]).data).toEqual({ id, attempts: 3 });
    await run.ground.emptied(WORK);
  });

  test('has its dead letter out before what it leaves behind is recorded: whoever names the letter finds it', async () => {
    let found = 0;
    const onDead = async () => {
      await until(() => run.dead.length === 1, 'the letter is out');
      found = run.dead.length;
      return [toOut('failed')];
    };
    await run.consume(() => ({ kind: 'dead', error: ERROR, targets: [], onDead }));
    await run.send('a');
    await until(() => run.out.length === 1, 'what it leaves behind');
    expect([found, run.dead.length]).toEqual([1, 1]);
    await run.ground.emptied(WORK);
  });

  test('that can never work is a dead letter at once, one for each source, event, epoch and replay', async () => {
    await run.consume(() => ({ kind: 'dead', error: ERROR, targets: [], onDead: leaveNothing }));
    await run.send('a');
    await run.send('a', { source: 'elsewhere' });
    await run.send('a', { replayid: 'again' });
    await run.send('a', {}, { epoch: 2 });
    await run.ground.send(WORK, someEvent('foreign'));
    await until(() => run.dead.length === 5, 'five dead letters');
    const letters = run.dead.map((delivery) => eventOf(delivery));
    expect(new Set(letters.map(({ id }) => id)).size).toBe(5);
    expect(letters.map(({ correlationid }) => correlationid)).toEqual([
      ...Array.from({ length: 4 }, () => 'saga-a'),
      undefined,
    ]);
  });

  test('with several reactions settles each by itself: one is out, one waits, one is tried again, one is dead', async () => {
    const told: string[] = [];
    const done: Outcome = { kind: 'done', publish: [toOut('fine')], published: () => told.push('fine') };
    const outcome = together([
      done,
      { kind: 'dropped', reason: 'known' },
      { kind: 'held', reason: 'wait', delayMs: 100, targets: ['held'] },
      retry(['retried']),
      { kind: 'dead', error: ERROR, targets: ['dead'], onDead: leaveNothing },
    ]);
    await run.consume(() => (run.calls.length === 1 ? outcome : DONE));
    await run.send('a');
    await run.called(1);
    await run.ground.emptied(WORK);
    await until(() => run.out.length + run.dead.length === 2, 'out and dead');
    expect(told).toEqual(['fine']);
    await run.world.advance(5000);
    await run.called(3);
    expect(run.calls.slice(1).map(({ delivery, attempt }) => [delivery.headers.targets, attempt])).toEqual([
      [['held'], 1],
      [['retried'], 2],
    ]);
    expect(deadLetterRecorded.data.parse(eventOf(run.dead[0]).data).targets).toEqual(['dead']);
  });

  test('whose reactions are all done is one done delivery, and every one of them is told', async () => {
    const told: string[] = [];
    const reaction = (name: string): Outcome => ({
      kind: 'done',
      publish: [toOut(name)],
      published: () => told.push(name),
    });
    const outcome = together([reaction('a'), { kind: 'dropped', reason: 'known' }, reaction('b'), DONE]);
    expect(outcome.kind).toBe('done');
    await run.consume(() => outcome);
    await run.send('x');
    await run.ground.emptied(WORK);
    await until(() => run.out.length === 2, 'both are out');
    expect(told).toEqual(['a', 'b']);
    expect(together([])).toMatchObject({ kind: 'done', publish: [] });
    expect(together([DONE])).toBe(DONE);
  });

  test('that throws climbs a ladder of its own, five deliveries long', async () => {
    await run.consume(() => {
      throw Object.assign(new Error('no route to host'), { code: 'EHOSTUNREACH' });
    });
    await run.send('a', {}, { targets: ['pay'] });
    for (const attempt of [1, 2, 3, 4, 5]) {
      await run.called(attempt);
      await run.ground.emptied(WORK);
      await run.world.advance(30_000);
    }
    await until(() => run.dead.length === 1, 'the dead letter');
    expect(run.calls).toHaveLength(5);
    const { error, attempts, targets } = deadLetterRecorded.data.parse(eventOf(run.dead[0]).data);
    expect({ attempts, targets }).toEqual({ attempts: 5, targets: ['pay'] });
    expect(error).toMatchObject({ kind: 'technical', code: 'EHOSTUNREACH', message: 'no route to host' });
    expect(error.stack).toContain('outcomes.spec');
  });

  test.each([
    ['a refusal', new BusinessError('no', { code: 'NO', help: 'pay' }), 'NO'],
    ['what can never work', new TerminalError('never', { code: 'NEVER', help: 'mend' }), 'NEVER'],
  ])('that throws %s is a dead letter at once', async (_what, error, code) => {
    await run.consume(() => Promise.reject(error));
    await run.send('a');
    await until(() => run.dead.length === 1, 'the dead letter');
    const data = deadLetterRecorded.data.parse(eventOf(run.dead[0]).data);
    expect(data).toMatchObject({ attempts: 1, targets: [], error: { code, help: error.help } });
  });

  test('that throws because a store is away waits as long as it takes, on the same attempt', async () => {
    await run.consume(() => {
      if (run.calls.length <= 8) throw new StoreUnavailableError('the store is away');
      return DONE;
    });
    await run.send('a', {}, { attempt: 3 });
    for (let n = 1; n <= 8; n++) {
      await run.called(n);
      await run.ground.emptied(WORK);
      await run.world.advance(1000);
    }
    await run.called(9);
    expect(run.calls.map(({ attempt }) => attempt)).toEqual(Array.from({ length: 9 }, () => 3));
    await run.ground.emptied(WORK);
    expect(run.dead).toHaveLength(0);
  });

  test('that is too large to be read is a dead letter with its beginning and its size', async () => {
    await run.consume(() => DONE);
    const bytes = new Uint8Array(MAX_ENVELOPE_BYTES + 1).fill(65);
    await run.ground.embedded.injectRaw(WORK, { bytes, contentType: undefined, headers: {} });
    await until(() => run.dead.length === 1, 'a dead letter');
    const letter = deadLetterRecorded.data.parse(eventOf(run.dead[0]).data);
    expect(letter).toMatchObject({ error: { code: 'TOO_LARGE' }, bodyBytes: MAX_ENVELOPE_BYTES + 1 });
    expect(toUint8Array(letter.body)).toEqual(bytes.subarray(0, 64 * 1024));
  });

  test('that is no event is a dead letter byte for byte, and the handler is not disturbed', async () => {
    await run.consume(() => DONE);
    const bytes = Uint8Array.from([0xff, 0xfe, 0x00, 0x7b, 0x0a]);
    const headers = { text: 'x', number: 7, flag: true, list: [1, { a: null }], absent: undefined };
    const inject = (raw: Uint8Array, contentType?: string) =>
      run.ground.embedded.injectRaw(WORK, { bytes: raw, contentType, headers });
    await inject(bytes, 'application/cloudevents+json');
    await inject(Uint8Array.from([0xff, 0xfe, 0x00, 0x7b, 0x0b]));
    await inject(bytes);
    await until(() => run.dead.length === 3, 'three dead letters');
    const [first, second, again] = run.dead.map((delivery) =>
      deadLetterRecorded.data.parse(eventOf(delivery).data),
    );
    expect(toUint8Array(first?.body ?? '')).toEqual(bytes);
    expect(first).toMatchObject({
      contentType: 'application/cloudevents+json',
      attempts: 1,
      targets: [],
      error: { kind: 'technical', code: 'UNDECODABLE' },
      headers: { text: 'x', number: 7, flag: true, list: '[1,{"a":null}]', absent: '' },
    });
    expect(second).not.toHaveProperty('contentType');
    expect(second?.deadLetterId).not.toBe(first?.deadLetterId);
    expect(again?.deadLetterId).toBe(first?.deadLetterId);
    expect(eventOf(run.dead[0])).not.toHaveProperty('correlationid');
    expect(run.calls).toHaveLength(0);
    await run.ground.emptied(WORK);
  });
});
