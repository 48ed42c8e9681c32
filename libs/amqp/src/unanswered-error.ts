import { StoreUnavailableError } from '@aura/kernel';

/** RabbitMQ was asked for something and did not answer in time; the connection stands, and whether it was done is not known. */
export class UnansweredError extends StoreUnavailableError {
  constructor(what: string, limitMs: number) {
    super(`RabbitMQ did not answer within ${limitMs} ms when it was asked to ${what}`);
  }
}
