import { UnsafeSetupError } from '@aura/kernel';
import type { ChannelModel } from 'amqplib';
import { z } from 'zod';

const serverProperties = z.object({
  product: z.string().default('unknown'),
  version: z.string().default('0'),
  capabilities: z.record(z.string(), z.unknown()).default({}),
});

const NEEDED = ['publisher_confirms', 'basic.nack', 'consumer_cancel_notify', 'exchange_exchange_bindings'];

/**
 * Refuses a broker that Aura's promises cannot stand on: RabbitMQ from 3.10 (quorum queues with message TTL and
 * at-least-once dead-lettering), with confirms. Error: `UnsafeSetupError`.
 */
export function checkBroker(properties: unknown): void {
  const { product, version, capabilities } = serverProperties.parse(properties);
  const missing = NEEDED.filter((capability) => capabilities[capability] !== true);
  if (missing.length > 0) {
    throw new UnsafeSetupError(
      `the broker (${product} ${version}) has no ${missing.join(', ')}`,
      'Use RabbitMQ 3.10 or newer, without a proxy that changes the protocol.',
    );
  }
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 3 || (major === 3 && minor < 10)) {
    throw new UnsafeSetupError(`the broker is ${product} ${version}`, 'Upgrade RabbitMQ to 3.10 or newer.');
  }
}

/** What a connected broker says of itself. */
export function propertiesOf(model: ChannelModel): unknown {
  return model.connection.serverProperties;
}
