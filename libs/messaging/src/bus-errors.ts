import { AuraError } from '@aura/kernel';

/** A mandatory message found no queue. */
export class UnroutableError extends AuraError {
  constructor(exchange: string, key: string) {
    super(`no queue takes ${key} on ${exchange}`, {
      code: 'UNROUTABLE',
      help: 'Check that the participant or subscriber that should take it has started and bound its queue.',
      details: { exchange, key },
    });
  }
}

/** A bounded queue is full and refuses. */
export class BusFullError extends AuraError {
  constructor(queue: string) {
    super(`queue ${queue} is full`, {
      code: 'BUS_FULL',
      help: 'Wait and send again; work in flight is being finished first.',
      details: { queue },
    });
  }
}
