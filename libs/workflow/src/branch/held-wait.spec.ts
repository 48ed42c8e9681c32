import { heldWaitMs } from './held-wait';

/** When a branch asks whose lock never comes free, ms since its first asking. */
function askings(waitMs: number, fraction: number): readonly number[] {
  const at: number[] = [];
  for (let waitedMs = 0; waitedMs < waitMs;) {
    waitedMs += heldWaitMs({ waitedMs, waitMs }, fraction);
    at.push(waitedMs);
  }
  return at;
}

describe('the wait for what another transaction holds', () => {
  it('begins short and grows with what was waited', () => {
    expect(askings(5000, 0.5)).toEqual([150, 300, 525, 919, 1608, 2814, 4925, 5025]);
  });

  it('parts rivals by chance', () => {
    expect(heldWaitMs({ waitedMs: 0, waitMs: 5000 }, 0)).toBe(100);
    expect(heldWaitMs({ waitedMs: 0, waitMs: 5000 }, 0.999)).toBe(200);
  });

  it('ends with the time of the vote, and never below the shortest', () => {
    expect(heldWaitMs({ waitedMs: 3000, waitMs: 3400 }, 0.9)).toBe(400);
    expect(heldWaitMs({ waitedMs: 3390, waitMs: 3400 }, 0.9)).toBe(100);
    expect(heldWaitMs({ waitedMs: 9000, waitMs: 3400 }, 0.9)).toBe(100);
  });
});
