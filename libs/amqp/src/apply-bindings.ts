import { type Binding, EVENTS_EXCHANGE, STEPS_EXCHANGE } from '@aura/messaging';
import type { Channel } from 'amqplib';

/** Binds or unbinds at the broker; errors are the broker's own. */
export async function applyBindings(
  channel: Channel,
  bindings: readonly Binding[],
  act: 'bind' | 'unbind',
): Promise<void> {
  await Promise.all(bindings.map((binding) => apply(channel, binding, act)));
}

function apply(channel: Channel, binding: Binding, act: 'bind' | 'unbind'): Promise<unknown> {
  if (binding.kind === 'publicFace') {
    return act === 'bind'
      ? channel.bindExchange(EVENTS_EXCHANGE, STEPS_EXCHANGE, binding.key)
      : channel.unbindExchange(EVENTS_EXCHANGE, STEPS_EXCHANGE, binding.key);
  }
  const { queue, exchange, key } = binding;
  return act === 'bind' ? channel.bindQueue(queue, exchange, key) : channel.unbindQueue(queue, exchange, key);
}
