export { AmqpBus, connectAmqp } from './amqp-bus';
export { amqpOptions } from './options';
export type { AmqpOptions } from './options';
