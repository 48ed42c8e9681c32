import type { CloudEvent } from '@aura/contracts';
import { BaseRpcContext } from '@nestjs/microservices';

/** What a handler may ask of its event beside the data: `@Ctx() context: AuraEventContext`. */
export class AuraEventContext extends BaseRpcContext<readonly [event: CloudEvent, attempt: number]> {
  /** The whole CloudEvent; its `source` and `id` together make a handler idempotent. */
  get event(): CloudEvent {
    return this.args[0];
  }

  /** Deliveries of this event to this service, from 1. */
  get attempt(): number {
    return this.args[1];
  }

  /** Saga of the event, if it belongs to one. */
  get sagaId(): string | undefined {
    return this.event.correlationid;
  }
}
