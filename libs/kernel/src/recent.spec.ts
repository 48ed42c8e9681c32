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

  it('of entries of different weight keeps those that together weigh at most the bound', () => {
    const recent = new Recent<string>(20, (text) => text.length);
    for (let n = 0; n < 30; n++) recent.set(`light${n}`, 'x');
    recent.set('heavy', 'x'.repeat(10));
    expect(recent.get('light29')).toBe('x');
    for (let n = 0; n < 11; n++) recent.set(`more${n}`, 'x');
    expect(recent.get('heavy')).toBeUndefined();
    const kept = Array.from({ length: 30 }, (_, n) => recent.get(`light${n}`)).filter(Boolean);
    expect(kept.length).toBeLessThan(10);
  });

  it('keeps nothing that weighs more than half of the bound, and then not what was there before either', () => {
    const recent = new Recent<string>(20, (text) => text.length);
    recent.set('grows', 'x');
    recent.set('grows', 'x'.repeat(11));
    expect(recent.get('grows')).toBeUndefined();
  });

  it('weighs what is written again or deleted only as it is now', () => {
    const recent = new Recent<string>(20, (text) => text.length);
    recent.set('kept', 'x');
    for (let n = 0; n < 10; n++) recent.set('again', 'x'.repeat(1 + (n % 9)));
    for (let n = 0; n < 10; n++) {
      recent.set(`k${n}`, 'x'.repeat(8));
      recent.delete(`k${n}`);
    }
    for (let n = 0; n < 10; n++) recent.set('again', 'x'.repeat(9));
    recent.set('one', 'x'.repeat(9));
    expect([recent.get('kept'), recent.get('again')?.length]).toEqual(['x', 9]);
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
