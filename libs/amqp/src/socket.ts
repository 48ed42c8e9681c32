import { Duplex } from 'node:stream';
import type { ChannelModel } from 'amqplib';

/**
 * The socket under a connection, where amqplib keeps it reachable. It is used for two things that the library does
 * not offer: to write all frames of a turn at once, and to end a connection whose other side does not answer.
 */
export function socketOf(model: ChannelModel): Duplex | undefined {
  const { connection } = model;
  return 'stream' in connection && connection.stream instanceof Duplex ? connection.stream : undefined;
}
