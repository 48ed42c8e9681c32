import { isSpanContextValid, trace, TraceFlags } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace-base';
import type { Sampler, SamplingResult } from '@opentelemetry/sdk-trace-base';

/** The attribute that names a saga, by the conventions for messaging. */
const SAGA = 'messaging.message.conversation_id';

/**
 * Decides whether a trace is recorded. One that goes on from somewhere follows what was decided there; one that begins
 * here follows its saga's id, so that every process decides alike about one saga; one of no saga follows the trace's id.
 */
export class SagaSampler implements Sampler {
  /** `share` of the sagas are recorded, from 0 to 1. */
  constructor(private readonly share: number) {}

  /** Decides about one span. */
  shouldSample(...[context, traceId, , , attributes]: Parameters<Sampler['shouldSample']>): SamplingResult {
    const parent = trace.getSpanContext(context);
    const isRecorded =
      parent !== undefined && isSpanContextValid(parent)
        ? (parent.traceFlags & TraceFlags.SAMPLED) !== 0
        : isWithin(String(attributes[SAGA] ?? traceId), this.share);
    return { decision: isRecorded ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD };
  }

  /** What it is, as the SDK tells it. */
  toString(): string {
    return `SagaSampler{${this.share}}`;
  }
}

/** Whether a text is among a share of all texts: FNV-1a with murmur's finalizer, so that ids that differ little are spread. */
function isWithin(text: string, share: number): boolean {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32 < share;
}
