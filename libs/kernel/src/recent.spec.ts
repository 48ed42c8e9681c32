import { Recent } from './recent';

describe('a bounded memory', () => {
  it('keeps the newest entries, at most the bound, at least half of it', () => {
    const recent = new Recent<number>(10);
    for (let n = 0; n < 1000; n++) recent.set(`k${n}`, n);
    const kept = Array.from({ length: 1000 }, (_, n) => n).filter((n) => recent.get(`k${n}`) !== undefined);
    expect(kept.length).toBeGreaterThanOrEqual(5);
    expect(kept.length).toBeLessThanOrEqual(10);
    expect(kept.slice(-5)).toEqual([995, 996, 997, 998, 999]);
  });

  it('keeps what is asked for again and again', () => {
    const recent = new Recent<string>(4);
    recent.set('wanted', 'here');
    for (let n = 0; n < 100; n++) {
      recent.set(`k${n}`, 'x');
      expect(recent.get('wanted')).toBe('here');
    }
  });

  it('forgets what is deleted, and everything when it is cleared', () => {
    const recent = new Recent<number>(4);
    for (const key of ['a', 'b', 'c']) recent.set(key, 1);
    recent.delete('a');
    expect([recent.get('a'), recent.get('b')]).toEqual([undefined, 1]);
    recent.clear();
    expect([recent.get('b'), recent.get('c')]).toEqual([undefined, undefined]);
  });
});
