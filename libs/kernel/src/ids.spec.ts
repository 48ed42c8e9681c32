import {
  branchKey,
  decisionId,
  newSagaId,
  sagaIdOfKey,
  sagaIdOfTrigger,
  sagaStream,
  stepEventId,
  stepStream,
  transactionId,
  transactionKey,
  transactionStream,
} from './ids';
import type { World } from './clock';
import { sampleBytes } from './testing';

const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const UUID_5 = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function worldAt(now: number, seed: number): World {
  return {
    clock: { now: () => now, monotonic: () => now },
    scheduler: { after: () => () => undefined },
    randomness: { bytes: (length) => sampleBytes(length, seed), fraction: () => 0.5 },
  };
}

describe('ids', () => {
  test('a new saga has a UUIDv7 that sorts by time and follows from the world alone', () => {
    const [early, late] = [
      newSagaId(worldAt(1_700_000_000_000, 1)),
      newSagaId(worldAt(1_700_000_000_001, 2)),
    ];
    expect(early).toMatch(UUID_7);
    expect(early < late).toBe(true);
    expect(newSagaId(worldAt(1_700_000_000_000, 1))).toBe(early);
    expect(newSagaId(worldAt(1_700_000_000_000, 2))).not.toBe(early);
  });

  test('an event starts the same saga of a definition, however often it comes', () => {
    const id = sagaIdOfTrigger('quick', 'urn:shop', '17');
    expect(id).toMatch(UUID_5);
    expect(sagaIdOfTrigger('quick', 'urn:shop', '17')).toBe(id);
    const others = [
      sagaIdOfTrigger('slow', 'urn:shop', '17'),
      sagaIdOfTrigger('quick', 'urn:shop1', '7'),
      sagaIdOfTrigger('quick', 'urn:shop', '18'),
      sagaIdOfKey('quick', 'urn:shop'),
    ];
    expect(new Set([id, ...others]).size).toBe(5);
  });

  test('a key starts one saga of its actor', () => {
    expect(sagaIdOfKey('anna', 'k')).toBe(sagaIdOfKey('anna', 'k'));
    expect(sagaIdOfKey('anna', 'k')).not.toBe(sagaIdOfKey('ben', 'k'));
    expect(sagaIdOfKey('a","b', 'c')).not.toBe(sagaIdOfKey('a', 'b","c'));
  });

  test('streams and event ids are readable joins of their parts', () => {
    const key = { saga: 's', run: 2, step: 'pay' };
    expect(sagaStream('s')).toBe('saga/s');
    expect(stepStream(key)).toBe('step/s/2/pay');
    expect(stepEventId(key, 3, 'ai.aura.paid.v1')).toBe('s/2/pay/3/ai.aura.paid.v1');
    expect(stepEventId(key, 3, 't', 'account-1', 'replay-9')).toBe('s/2/pay/3/t/account-1/replay-9');
    expect(decisionId('saga/s', 7, 1)).toBe('saga/s/7/1');
  });

  test('a transaction is named by its step and its number there, and by nothing else', () => {
    const key = { saga: 's', run: 2, step: 'reserve' };
    const id = transactionId(key, 3);
    expect(id).toBe('s/2/reserve/3');
    expect(transactionKey(id)).toEqual({ key, n: 3 });
    expect(transactionStream(id)).toBe('tx/s/2/reserve/3');
    expect(branchKey(key, 3, 'stock')).toEqual({ saga: 's', run: 2, step: 'reserve/3/stock' });
    for (const other of ['', 's', 's/2/reserve', 's/two/reserve/3', 's/2/reserve/3/stock', '/2/reserve/3'])
      expect(transactionKey(other)).toBeUndefined();
  });
});
