import { sagaCompensating } from '@aura/contracts';
import type { OutboundMessage } from '@aura/messaging';
import { lifeCycle } from './public-face';
import { UNTOLD } from './triggers';
import type { MessagePlace } from './triggers';

/** The news that what a saga did is being undone, with the steps whose turn it is. */
export function compensating(place: MessagePlace, plan: readonly string[]): OutboundMessage {
  const { definition, version } = place.compiled.plan;
  const error = { ...(place.state.undoing?.error ?? place.state.error ?? UNTOLD) };
  return lifeCycle(place, sagaCompensating.type, { definition, version, error, plan });
}
