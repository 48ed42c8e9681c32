import type { Channel } from 'amqplib';

/** Closes a channel; a connection that breaks meanwhile never answers, but ends the channel too. */
export function closed(channel: Channel): Promise<void> {
  return new Promise((resolve) => {
    channel.once('close', resolve);
    channel.close().then(resolve, () => resolve());
  });
}
