import { queueOptions, RUNGS_MS, rungFor, rungName, rungOptions } from './queue-arguments';

describe('queue arguments', () => {
  it.each([
    [0, 100],
    [100, 100],
    [101, 250],
    [2_400, 2_500],
    [59_999, 60_000],
    [900_000, 900_000],
    [5_000_000, 900_000],
  ])('a delay of %i ms waits on the rung of %i ms', (delayMs, rungMs) => {
    expect(rungFor(delayMs)).toBe(rungMs);
  });

  it('every rung has its own queue with a fixed time, and returns to the queue that it serves', () => {
    for (const rungMs of RUNGS_MS) {
      expect(rungName('svc', rungMs)).toBe(`svc.retry.${rungMs}`);
      expect(rungOptions('svc', rungMs).arguments).toMatchObject({
        'x-message-ttl': rungMs,
        'x-dead-letter-exchange': '',
        'x-dead-letter-routing-key': 'svc',
      });
    }
  });

  it.each(['work', 'tracker', 'ingress'] as const)('a %s queue loses nothing', (kind) => {
    expect(queueOptions({ queue: 'q', kind }, 'aura.crashed')).toEqual({
      durable: true,
      arguments: {
        'x-queue-type': 'quorum',
        'x-delivery-limit': 20,
        'x-dead-letter-exchange': '',
        'x-dead-letter-routing-key': 'aura.crashed',
        'x-dead-letter-strategy': 'at-least-once',
        'x-overflow': 'reject-publish',
      },
    });
  });

  it('only a bound that was asked for bounds a queue', () => {
    const { arguments: bounded } = queueOptions({ queue: 'q', kind: 'ingress', maxLength: 9 }, 'c');
    expect(bounded).toMatchObject({ 'x-max-length': 9, 'x-overflow': 'reject-publish' });
  });

  it('the crashed queue never drops by a limit that both RabbitMQ 3 and 4 take', () => {
    const { durable, arguments: args } = queueOptions({ queue: 'c', kind: 'crashed' }, 'c');
    expect([durable, args['x-delivery-limit'] >= 1_000_000]).toEqual([true, true]);
  });

  it('a subscriber queue goes with its connection', () => {
    expect(queueOptions({ queue: 's', kind: 'subscriber' }, 'c')).toEqual({
      durable: false,
      exclusive: true,
      autoDelete: true,
    });
  });
});
