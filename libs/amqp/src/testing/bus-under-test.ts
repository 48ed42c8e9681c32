import { randomBytes } from 'node:crypto';
import type { BusClient, BusUnderTest } from '@aura/messaging/testing';
import { connect } from 'amqplib';
import { connectAmqp } from '../amqp-bus';
import { RUNGS_MS, rungName } from '../queue-arguments';
import { TcpProxy } from './tcp-proxy';

/** The RabbitMQ bus for the conformance suite, with names of its own on a shared broker. */
export async function amqpUnderTest(url: string): Promise<BusUnderTest> {
  const prefix = `t-${randomBytes(4).toString('hex')}`;
  const crashedQueue = `${prefix}.crashed`;
  const side = await connect(url);
  const channel = await side.createConfirmChannel();
  const injectRaw: BusClient['injectRaw'] = async (queue, bytes, contentType, headers) => {
    const type = contentType === undefined ? {} : { contentType };
    channel.sendToQueue(queue, Buffer.from(bytes), { ...type, headers: { ...headers }, persistent: true });
    await channel.waitForConfirms();
  };
  return {
    prefix,
    crashedQueue,
    open: async () => {
      const proxy = await TcpProxy.open(url);
      const bus = await connectAmqp({ url: proxy.through(url), instance: prefix, crashedQueue });
      const close = async () => {
        await bus.close();
        await proxy.close();
      };
      const crash = async () => {
        await proxy.close();
        await bus.close();
      };
      let ending: Promise<void> | undefined;
      return { bus, injectRaw, close: () => (ending ??= close()), crash: () => (ending ??= crash()) };
    },
    close: async (queues) => {
      for (const queue of [...queues, crashedQueue]) {
        await channel.deleteQueue(queue);
        for (const rung of RUNGS_MS) await channel.deleteQueue(rungName(queue, rung));
      }
      await side.close();
    },
  };
}
