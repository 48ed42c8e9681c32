import { Expiring } from './expiring';

describe('a bounded memory with times', () => {
  it('entries with a time run out by the monotonic clock', () => {
    let now = 0;
    const expiring = new Expiring<number>({ now: () => 0, monotonic: () => now }, 10);
    expiring.set('short', 1, 10);
    expiring.set('long', 2, 100);
    now = 9;
    expect([expiring.get('short'), expiring.get('long')]).toEqual([1, 2]);
    now = 10;
    expect([expiring.get('short'), expiring.get('long')]).toEqual([undefined, 2]);
  });
});
