import { connect } from 'amqplib';
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { HOPS } from './chain-definition';
import type { RunSaga } from './measure';

const PREFETCH = 100;

/** Queues of the raw chain: `start` is hop 1's, the last one is where the driver listens. */
export function rawQueue(n: number): string {
  return `bench.raw.${n}`;
}

async function open(url: string): Promise<ChannelModel> {
  return connect(url, { noDelay: true });
}

async function declare(channel: ConfirmChannel): Promise<void> {
  for (let n = 1; n <= HOPS + 1; n++)
    await channel.assertQueue(rawQueue(n), { durable: true, arguments: { 'x-queue-type': 'quorum' } });
}

/** What a message of the raw chain says. */
interface Message {
  readonly payload: string;
}

/** The trivial handler of a hop: reads the message, says the same again. */
function handled(content: Buffer): Buffer {
  return Buffer.from(JSON.stringify(JSON.parse(content.toString()) as Message));
}

/** One hop: takes a message, publishes the next with confirm, acks. */
export async function startRawHop(url: string, n: number): Promise<() => Promise<void>> {
  const connection = await open(url);
  const channel = await connection.createConfirmChannel();
  await declare(channel);
  await channel.prefetch(PREFETCH);
  await channel.consume(rawQueue(n), (message) => {
    if (message === null) return;
    channel.sendToQueue(
      rawQueue(n + 1),
      handled(message.content),
      { persistent: true, messageId: String(message.properties.messageId) },
      (error) => {
        if (error) channel.nack(message);
        else channel.ack(message);
      },
    );
  });
  return () => connection.close();
}

/** The driver of the raw chain: publishes to the first hop, resolves when the message arrives behind the last. */
export async function startRawDriver(
  url: string,
): Promise<{ readonly run: RunSaga; readonly close: () => Promise<void> }> {
  const connection = await open(url);
  const channel = await connection.createConfirmChannel();
  await declare(channel);
  await channel.prefetch(PREFETCH * 10);
  const waiting = new Map<string, () => void>();
  let count = 0;
  await channel.consume(rawQueue(HOPS + 1), (message) => {
    if (message === null) return;
    channel.ack(message);
    const id = String(message.properties.messageId);
    waiting.get(id)?.();
    waiting.delete(id);
  });
  const run: RunSaga = (payload) =>
    new Promise((resolve) => {
      const messageId = String((count += 1));
      waiting.set(messageId, resolve);
      channel.sendToQueue(rawQueue(1), Buffer.from(JSON.stringify({ payload } satisfies Message)), {
        persistent: true,
        messageId,
      });
    });
  const close = async (): Promise<void> => {
    for (let n = 1; n <= HOPS + 1; n++) await channel.deleteQueue(rawQueue(n));
    await connection.close();
  };
  return { run, close };
}
