import fc from 'fast-check';
import { Fifo } from './fifo';

describe('first in, first out', () => {
  it('behaves like an array, whatever is done', () => {
    const steps = fc.array(fc.constantFrom('push', 'push', 'shift', 'pop', 'last'), { maxLength: 400 });
    fc.assert(
      fc.property(steps, (actions) => {
        const fifo = new Fifo<number>();
        const model: number[] = [];
        actions.forEach((action, n) => {
          if (action === 'push') expect(fifo.push(n)).toBe(void model.push(n));
          else if (action === 'shift') expect(fifo.shift()).toBe(model.shift());
          else if (action === 'pop') expect(fifo.pop()).toBe(model.pop());
          else expect(fifo.last()).toBe(model.at(-1));
          expect(fifo.length).toBe(model.length);
        });
      }),
    );
  });

  it('lets go of what was taken, over a long run', () => {
    const fifo = new Fifo<number>();
    for (let n = 0; n < 100_000; n++) {
      fifo.push(n);
      if (n >= 10) expect(fifo.shift()).toBe(n - 10);
    }
    expect(fifo.length).toBe(10);
  });
});
