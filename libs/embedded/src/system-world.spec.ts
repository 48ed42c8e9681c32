import { systemWorld } from './system-world';

const LONG_MS = 2 ** 31 + 5000;

describe('the world of the system', () => {
  it('runs a task once after its delay, and not when it was taken back', async () => {
    const { scheduler, clock } = systemWorld();
    const begun = clock.monotonic();
    const ran: string[] = [];
    const cancel = scheduler.after(5, () => ran.push('cancelled'));
    await new Promise<void>((resolve) => {
      scheduler.after(20, () => {
        ran.push('late');
        resolve();
      });
      scheduler.after(0, () => ran.push('soon'));
      cancel();
    });
    cancel();
    expect(ran).toEqual(['soon', 'late']);
    expect(clock.monotonic() - begun).toBeGreaterThanOrEqual(19);
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1000);
  });

  it('waits longer than one timer of Node can', () => {
    jest.useFakeTimers();
    try {
      const { scheduler } = systemWorld();
      const ran: string[] = [];
      scheduler.after(LONG_MS, () => ran.push('ran'));
      const cancel = scheduler.after(LONG_MS, () => ran.push('cancelled'));
      jest.advanceTimersByTime(LONG_MS - 1);
      cancel();
      expect(ran).toEqual([]);
      jest.advanceTimersByTime(1);
      expect(ran).toEqual(['ran']);
    } finally {
      jest.useRealTimers();
    }
  });

  it('has randomness of bytes and of fractions', () => {
    const { randomness } = systemWorld();
    expect(randomness.bytes(16)).toHaveLength(16);
    expect(randomness.bytes(16)).not.toEqual(randomness.bytes(16));
    const fractions = Array.from({ length: 200 }, () => randomness.fraction());
    expect(fractions.every((one) => one >= 0 && one < 1)).toBe(true);
    expect(new Set(fractions).size).toBe(200);
  });
});
