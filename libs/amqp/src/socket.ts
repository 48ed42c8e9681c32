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

/**
 * Lets the frames of a turn leave in one system call and, with TCP_NODELAY, few packets: without it each frame would be
 * a write of its own. Nested and repeated use is fine.
 */
export function writeTogether(socket: Duplex | undefined, write: () => void): void {
  socket?.cork();
  try {
    write();
  } finally {
    // amqplib moves frames to the socket in an immediate that the tick behind `write` schedules: this comes behind it.
    if (socket) process.nextTick(() => setImmediate(() => socket.uncork()));
  }
}
