import { stepBegun } from '@aura/contracts';
import type { OutboundMessage } from '@aura/messaging';
import type { StepBegunEntry } from '../entry';
import { nodeOf } from '../progress';
import { lifeCycle } from '../public-face';
import { stepOf } from '../state';
import { NO_GAP } from '../gap-since';
import type { MessagePlace } from '../triggers';
import { kindOf } from './kinds';

/** What a step in the coordinator waits for, for whoever looks on. */
export function begunMessage({ step, builtIn }: StepBegunEntry, place: MessagePlace): OutboundMessage {
  const { definition, version } = place.compiled.plan;
  const node = nodeOf(place.compiled, step);
  const begun = { at: place.at, epoch: stepOf(place.state, step).epoch, builtIn };
  const { waitsFor, timers } = kindOf(builtIn);
  const until = Math.min(...timers(node, begun, NO_GAP, 0).map((timer) => timer.until));
  const data = {
    definition,
    version,
    type: builtIn.type,
    waitingFor: waitsFor(node, begun, 0),
    ...(Number.isFinite(until) ? { until: new Date(until).toISOString() } : {}),
  };
  const message = lifeCycle(place, stepBegun.type, data);
  return { ...message, event: { ...message.event, aurastep: step } };
}
