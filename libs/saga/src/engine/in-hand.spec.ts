import { InHand } from './in-hand';

function holding(queues: Readonly<Record<string, number>>): InHand {
  const inHand = new InHand(100);
  for (const [queue, count] of Object.entries(queues)) for (let n = 0; n < count; n++) inHand.take(queue);
  return inHand;
}

describe('what a tracker has in hand', () => {
  it('lets others wait a moment with little to do, and long with much', () => {
    expect(holding({}).lingerMs('b')).toBe(20);
    expect(holding({ a: 50, c: 13 }).lingerMs('b')).toBe(20);
    expect(holding({ a: 50, c: 14 }).lingerMs('b')).toBe(650);
  });

  it('counts all queues together as what there is to do', () => {
    expect(holding({ a: 32, b: 32 }).lingerMs('a')).toBe(650);
  });

  it('keeps half of a queue free of what waits', () => {
    expect(holding({ a: 50, b: 50 }).lingerMs('a')).toBe(650);
    expect(holding({ a: 51, b: 50 }).lingerMs('a')).toBe(0);
    expect(holding({ a: 51 }).lingerMs('a')).toBe(0);
  });

  it('has room again when some are answered', () => {
    const inHand = holding({ a: 50, b: 50 });
    const leave = inHand.take('a');
    expect(inHand.lingerMs('a')).toBe(0);
    leave();
    expect(inHand.lingerMs('a')).toBe(650);
    const again = inHand.take('a');
    leave();
    expect(inHand.lingerMs('a')).toBe(0);
    again();
    expect(inHand.lingerMs('a')).toBe(650);
  });
});
