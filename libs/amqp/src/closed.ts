import { StoreUnavailableError } from '@aura/kernel';
import type { Channel } from 'amqplib';

/** Closes a channel; a connection that breaks meanwhile never answers, but ends the channel too. */
export function closed(channel: Channel): Promise<void> {
  return new Promise((resolve) => {
    channel.once('close', resolve);
    channel.close().then(resolve, () => resolve());
  });
}

/** Closes a channel that came when nobody waited for it any more, and says why nothing is done on it. */
export async function closedLate(channel: Channel): Promise<StoreUnavailableError> {
  await closed(channel);
  return new StoreUnavailableError('a channel was opened too late');
}
