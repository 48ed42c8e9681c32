import { standing } from '../http-liveness';
import { defineEvent } from './define-event';

/** Something has waited for longer than it said, or does not say what it waits for. */
export const livenessOverdue = defineEvent(
  'ai.aura.liveness.overdue.v1',
  'Something has not ended and is past the time that it said: somebody must look.',
  standing,
);
