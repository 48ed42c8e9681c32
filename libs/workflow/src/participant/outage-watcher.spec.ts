import { NO_LOG } from '@aura/kernel';
import type { Meter } from '@aura/kernel';
import { OutageWatcher } from './outage-watcher';

describe('what is told of a breaker', () => {
  test('is each opening and closing once, however often the pause is renewed', () => {
    const said: string[] = [];
    let opened = 0;
    let read: (() => number) | undefined;
    const meter: Meter = {
      counter: () => ({ add: () => void (opened += 1) }),
      histogram: () => ({ observe: () => undefined }),
      gauge: (_name, _labels, reader) => {
        read = reader;
        return () => void (read = undefined);
      },
    };
    const tell = (message: string): void => void said.push(message);
    const watcher = new OutageWatcher({
      consumer: 'nlu',
      queue: 'q',
      meter,
      log: { ...NO_LOG, error: tell, info: tell },
      say: {
        paused: () => void said.push('lease'),
        resumed: () => void said.push('end of lease'),
        failed: () => void said.push('trouble'),
      },
    });
    const error = { kind: 'technical', code: 'X', message: 'x' } as const;
    expect(read?.()).toBe(0);
    watcher.paused(1, error);
    watcher.paused(2, error);
    expect([read?.(), opened]).toEqual([1, 1]);
    watcher.failed(new Error('x'));
    watcher.resumed();
    expect(read?.()).toBe(0);
    expect(said).toEqual([
      'consumer paused: the same failure across many sagas',
      'lease',
      'lease',
      'trouble',
      'consumer resumed',
      'end of lease',
    ]);
    watcher.stop();
    expect(read).toBeUndefined();
  });
});
