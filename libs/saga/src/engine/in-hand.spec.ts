import { InHand } from './in-hand';

function holding(queues: Readonly<Record<string, number>>): InHand {
  const inHand = new InHand(100);
  for (const [queue, count] of Object.entries(queues)) for (let n = 0; n < count; n++) inHand.take(queue);
  return inHand;
}

describe('what a tracker has in hand', () => {
  it('lets nothing wait while there is little to do', () => {
    expect(holding({ a: 63 }).mayWait('b')).toBe(false);
    expect(holding({ a: 64 }).mayWait('b')).toBe(true);
  });

  it('counts all queues together as what there is to do', () => {
    expect(holding({ a: 32, b: 32 }).mayWait('a')).toBe(true);
  });

  it('keeps half of a queue free of what waits', () => {
    expect(holding({ a: 50, b: 50 }).mayWait('a')).toBe(true);
    expect(holding({ a: 51, b: 50 }).mayWait('a')).toBe(false);
  });

  it('has room again when some are answered', () => {
    const inHand = holding({ a: 50, b: 50 });
    const leave = inHand.take('a');
    expect(inHand.mayWait('a')).toBe(false);
    leave();
    expect(inHand.mayWait('a')).toBe(true);
  });
});
