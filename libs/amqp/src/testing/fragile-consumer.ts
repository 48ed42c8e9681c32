import { connectAmqp } from '../amqp-bus';

/**
 * A process that handles events (a copy to the queue `<queue>.done`, then the ack), and dies by its own kill -9
 * whenever it is handed the event `killer`. Arguments: URL, queue, crashed queue.
 */
async function main(): Promise<void> {
  const [url = '', queue = '', crashedQueue = ''] = process.argv.slice(2);
  const bus = await connectAmqp({ url, instance: 'fragile', crashedQueue });
  await bus.declareQueue({ queue, kind: 'work' });
  await bus.consume({
    queue,
    prefetch: 50,
    handle: (deliveries) => {
      for (const delivery of deliveries) {
        if (!delivery.event.ok) throw new Error(delivery.event.error.message);
        if (delivery.event.value.id === 'killer') process.kill(process.pid, 'SIGKILL');
        void bus
          .publish([{ event: delivery.event.value, to: [{ kind: 'queue', queue: `${queue}.done` }] }])
          .then(() => delivery.ack());
      }
    },
  });
}

void main();
