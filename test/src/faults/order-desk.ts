import { sagaIdOfTrigger } from '@aura/kernel';
import { connect } from 'amqplib';
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { setTimeout as delay } from 'node:timers/promises';
import { ORDER, ORDER_PLACED } from './load-definition';
import type { Order } from './load-definition';
import type { PlaceOrder } from './load';

const SOURCE = '/faults/order-desk';
const TRY_AGAIN_MS = 300;
/** A confirm that takes longer counts as lost, and the event is published again. */
const CONFIRM_WITHIN_MS = 10_000;

interface Line {
  readonly connection: ChannelModel;
  readonly channel: ConfirmChannel;
  /** Ids of events that no queue took. */
  readonly returned: Set<string>;
}

/** A stranger that starts orders by CloudEvents: publishes each until the broker has confirmed it, always under the same id. */
export class OrderDesk {
  private line: Promise<Line> | undefined;
  private isClosed = false;

  constructor(private readonly url: string) {}

  readonly place: PlaceOrder = async (id, order) => {
    for (;;) {
      if (this.isClosed) throw new Error('the order desk is closed');
      if (await this.publish(id, order).catch(() => false))
        return { source: SOURCE, saga: sagaIdOfTrigger(ORDER, SOURCE, id) };
      await delay(TRY_AGAIN_MS);
    }
  };

  async close(): Promise<void> {
    this.isClosed = true;
    const line = await this.line?.catch(() => undefined);
    await line?.connection.close().catch(() => undefined);
  }

  /** Whether the broker has it safe, in a queue. */
  private async publish(id: string, order: Order): Promise<boolean> {
    const line = await (this.line ??= this.open());
    const event = { specversion: '1.0', id, source: SOURCE, type: ORDER_PLACED, data: order };
    const options = {
      ...{ contentType: 'application/cloudevents+json', messageId: id },
      ...{ persistent: true, mandatory: true },
    };
    const confirmed = new Promise<boolean>((resolve) => {
      line.channel.publish(
        'aura.events',
        ORDER_PLACED,
        Buffer.from(JSON.stringify(event)),
        options,
        (error) => resolve(error === null || error === undefined),
      );
    });
    const inTime = await Promise.race([confirmed, delay(CONFIRM_WITHIN_MS, false, { ref: false })]);
    return inTime && !line.returned.delete(id);
  }

  private async open(): Promise<Line> {
    try {
      const connection = await connect(this.url, { noDelay: true, timeout: 5000 });
      connection.on('error', () => undefined);
      connection.once('close', () => (this.line = undefined));
      const channel = await connection.createConfirmChannel();
      channel.on('error', () => undefined);
      const returned = new Set<string>();
      channel.on('return', (message) => returned.add(String(message.properties.messageId)));
      return { connection, channel, returned };
    } catch (error) {
      this.line = undefined;
      throw error;
    }
  }
}
