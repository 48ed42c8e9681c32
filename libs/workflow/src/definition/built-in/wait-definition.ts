import { eventType } from '@aura/contracts';
import { z } from 'zod';
import { duration } from '../duration';

/** `wait` of a step of type wait: for a span of time, until a time, or for an event. */
export const waitDefinition = z
  .strictObject({
    for: duration.exactOptional(),
    until: z.json().optional(),
    on: eventType.exactOptional(),
    correlate: z.string().min(1).exactOptional(),
    match: z.json().optional(),
  })
  .refine(
    (wait) => [wait.for, wait.until, wait.on].filter((way) => way !== undefined).length === 1,
    'needs exactly one of for (a duration), until (a time) and on (the type of an event)',
  )
  .refine(
    ({ on, correlate, match }) => on !== undefined || (correlate === undefined && match === undefined),
    'takes correlate and match only together with on',
  )
  .refine(
    ({ correlate, match }) => (correlate === undefined) === (match === undefined),
    'needs correlate and match together: what the event says, and what the saga waits for; without both the event names the saga in its correlationid',
  );
