import { connectAmqp } from './amqp-bus';
import { amqpOptions } from './options';

describe('the options', () => {
  it('have defaults for all but the URL and the name', () => {
    expect(amqpOptions.parse({ url: 'amqp://localhost', instance: 'a' })).toMatchObject({
      confirmTimeoutMs: 10_000,
      publishTimeoutMs: 60_000,
      heartbeatSeconds: 5,
      backoff: { initialMs: 100, maxMs: 5_000 },
      batch: { events: 200, bytes: 512 * 1024 },
      crashedQueue: 'aura.crashed',
    });
  });

  it.each([
    [{ url: 'http://localhost', instance: 'a' }, 'amqp://'],
    [{ url: 'nonsense', instance: 'a' }, 'amqp://'],
    [{ url: 'amqp://localhost', instance: '' }, 'instance'],
    [{ url: 'amqp://localhost', instance: 'a', heartbeatSeconds: 0 }, 'heartbeatSeconds'],
  ])('%j is refused, and the refusal says what is wrong', async (options, word) => {
    const refusal = connectAmqp(options);
    await expect(refusal).rejects.toMatchObject({
      code: 'UNSAFE_SETUP',
      message: expect.stringContaining(word),
    });
  });
});
