import { BusinessError, TerminalError } from '@aura/kernel';
import { VirtualWorld } from '@aura/kernel/testing';
import { BusFullError, UnroutableError } from '../bus-errors';
import {
  COORDINATOR_QUEUE,
  COORDINATOR_SOURCE,
  eventKey,
  INGRESS_QUEUE,
  participantQueue,
  participantSource,
  trackerQueue,
} from '../binding-keys';
import { errorRecordOf } from './error-record';
import { retryDelayMs } from './failures';
import { TimeLimitError, withTimeLimit } from './time-limit';
import type { SignalSource } from './time-limit';

describe('the wait before another attempt', () => {
  const schedule = { maxAttempts: 20, initialDelayMs: 500, multiplier: 2, maxDelayMs: 30_000 };

  test.each([
    [1, 500],
    [2, 1000],
    [3, 2000],
    [7, 30_000],
    [20, 30_000],
    [5000, 30_000],
  ])('behind attempt %i is %i ms, give or take a quarter', (attempt, base) => {
    const waits = [0, 0.25, 0.5, 0.999_999].map((fraction) => retryDelayMs(schedule, attempt, fraction));
    expect(waits[0]).toBe(base * 0.75);
    expect(waits[2]).toBe(base);
    for (const wait of waits) {
      expect(wait).toBeGreaterThanOrEqual(base * 0.75);
      expect(wait).toBeLessThanOrEqual(base * 1.25);
      expect(Number.isInteger(wait)).toBe(true);
    }
  });

  test('does not grow with a multiplier of 1', () => {
    expect(retryDelayMs({ ...schedule, multiplier: 1 }, 9, 0.5)).toBe(500);
  });
});

describe('an error as a record', () => {
  test('of Aura keeps code and help; any other one its code when that is text, else its name', () => {
    const record = errorRecordOf(new BusinessError('no', { code: 'NO', help: 'pay' }), 'business');
    expect(record).toMatchObject({ kind: 'business', code: 'NO', message: 'no', help: 'pay' });
    expect(record.stack).toContain('pieces.spec');
    expect(errorRecordOf(Object.assign(new Error('x'), { code: 'EX' }), 'technical').code).toBe('EX');
    expect(errorRecordOf(Object.assign(new RangeError('x'), { code: 7 }), 'technical').code).toBe(
      'RangeError',
    );
  });

  test('without a stack has none; what is no error is its text', () => {
    const bare = new TerminalError('x', { code: 'X', help: 'y' });
    Object.defineProperty(bare, 'stack', { value: undefined });
    expect(errorRecordOf(bare, 'technical')).toEqual({
      kind: 'technical',
      code: 'X',
      message: 'x',
      help: 'y',
    });
    expect(errorRecordOf('just text', 'technical')).toEqual({
      kind: 'technical',
      code: 'UNKNOWN',
      message: 'just text',
    });
  });
});

describe('work under a time limit', () => {
  const limit = { what: 'the work', ms: 1000 };
  const forever = new Promise<never>(() => undefined);

  test('answers as itself when it is in time, and leaves no timer', async () => {
    const world = new VirtualWorld();
    expect(await withTimeLimit(world, limit, () => Promise.resolve(7))).toBe(7);
    await expect(withTimeLimit(world, limit, () => Promise.reject(new RangeError('own')))).rejects.toThrow(
      'own',
    );
    await world.advance(0);
    expect(world.waiting).toBe(0);
  });

  test.each([[7], [null], ['text'], [{ then: 'a member like any other' }]])(
    'needs no timer when it answers %j at once',
    async (answer) => {
      const world = new VirtualWorld();
      const working = withTimeLimit(world, limit, () => answer);
      expect(world.waiting).toBe(0);
      expect(await working).toBe(answer);
      const failing = withTimeLimit(world, limit, () => {
        throw new RangeError('own');
      });
      await expect(failing).rejects.toThrow('own');
    },
  );

  test('is rejected at the limit with the signal aborted, whether it heeds that or not', async () => {
    const world = new VirtualWorld();
    let asked: AbortSignal | undefined;
    let source: SignalSource | undefined;
    const working = withTimeLimit(world, limit, (signal) => {
      source = signal;
      asked = signal();
      return forever;
    });
    const ended = working.catch((error: unknown) => error);
    await world.advance(999);
    expect(asked?.aborted).toBe(false);
    await world.advance(1);
    const error = await ended;
    expect(error).toBeInstanceOf(TimeLimitError);
    expect(error).toMatchObject({ code: 'TIME_LIMIT', details: { limitMs: 1000 } });
    expect(String(error)).toContain('the work took longer than 1000 ms');
    expect(asked?.reason).toBe(error);
    expect(source?.()).toBe(asked);
  });

  test('that asks for the signal behind the limit finds it aborted', async () => {
    const world = new VirtualWorld();
    let source: SignalSource | undefined;
    const working = withTimeLimit(world, limit, (signal) => {
      source = signal;
      return forever;
    });
    const ended = working.catch((error: unknown) => error);
    await world.advance(1000);
    expect(source?.().reason).toBe(await ended);
  });
});

describe('names on the wire', () => {
  test('follow from type, definition, participant and partition', () => {
    expect(eventKey('ai.aura.image.analysed.v1', 'analysis')).toBe('ai.aura.image.analysed.v1.analysis');
    expect([participantQueue('nlu'), participantSource('nlu')]).toEqual([
      'aura.participant.nlu',
      '/aura/nlu',
    ]);
    expect(trackerQueue(15)).toBe('aura.tracker.15');
    expect([COORDINATOR_QUEUE, INGRESS_QUEUE, COORDINATOR_SOURCE]).toEqual([
      'aura.coordinator',
      'aura.ingress',
      '/aura/coordinator',
    ]);
  });

  test('stand in the errors of the bus', () => {
    expect(new UnroutableError('aura.steps', 'k')).toMatchObject({
      code: 'UNROUTABLE',
      message: 'no queue takes k on aura.steps',
      details: { exchange: 'aura.steps', key: 'k' },
    });
    expect(new BusFullError('aura.ingress')).toMatchObject({
      code: 'BUS_FULL',
      message: 'queue aura.ingress is full',
    });
  });
});
