import { StoreUnavailableError } from '@aura/kernel';
import { UnservedQueues } from './unserved-queues';

describe('a queue for which a channel waits that was given up', () => {
  const gone = () => {
    let close: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (close = resolve));
    return { closed, close };
  };

  test('is asked for nothing until the last such channel is closed; others are', async () => {
    const unserved = new UnservedQueues();
    const [one, two] = [gone(), gone()];
    unserved.add(['a', 'b'], one.closed);
    unserved.add(['a'], two.closed);
    expect(() => unserved.demandServed('count queue a', ['c', 'a'])).toThrow(StoreUnavailableError);
    expect(() => unserved.demandServed('count queue a', ['a'])).toThrow(
      'RabbitMQ does not serve queue a: it has not answered yet what it was asked before, and was not asked to count queue a',
    );
    unserved.demandServed('count queue c', ['c']);
    one.close();
    await one.closed;
    unserved.demandServed('count queue b', ['b']);
    expect(() => unserved.demandServed('count queue a', ['a'])).toThrow('queue a');
    two.close();
    await two.closed;
    unserved.demandServed('count queue a', ['a']);
  });
});
