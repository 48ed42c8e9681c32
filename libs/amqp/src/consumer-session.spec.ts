import type { Channel, ChannelModel } from 'amqplib';
import { EventEmitter } from 'node:events';
import { ConsumerSession } from './consumer-session';
import type { Link } from './link';
import { amqpOptions } from './options';
import { Topology } from './topology';

/** A channel that answers everything at once. */
class FakeChannel extends EventEmitter {
  readonly prefetch = jest.fn(() => Promise.resolve({}));
  readonly consume = jest.fn(() => Promise.resolve({ consumerTag: 'tag' }));
  readonly cancel = jest.fn(() => Promise.resolve({}));
  readonly close = jest.fn(() => Promise.resolve());
}

test('a channel that is opened so late that another one was is closed, and nothing is consumed on it', async () => {
  const [late, prompt] = [new FakeChannel(), new FakeChannel()];
  let answer: (channel: Channel) => void = () => undefined;
  const slow = new Promise<Channel>((resolve) => (answer = resolve));
  const createChannel = jest
    .fn<Promise<Channel>, []>()
    .mockReturnValueOnce(slow)
    .mockResolvedValue(prompt as unknown as Channel);
  const model = { connection: {}, createChannel } as unknown as ChannelModel;
  const link = { model } as Link;
  const settings = {
    ...amqpOptions.parse({ url: 'amqp://localhost', instance: 'test' }),
    confirmTimeoutMs: 20,
    backoff: { initialMs: 1, maxMs: 1 },
  };
  const session = new ConsumerSession(
    { queue: 'q', prefetch: 5, handle: () => undefined },
    link,
    new Topology(link, settings),
    settings,
  );
  await session.start(5000);
  expect(prompt.consume).toHaveBeenCalledTimes(1);
  answer(late as unknown as Channel);
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(late.consume).not.toHaveBeenCalled();
  expect(late.close).toHaveBeenCalledTimes(1);
  await session.stop(0);
  expect(prompt.close).toHaveBeenCalledTimes(1);
});
