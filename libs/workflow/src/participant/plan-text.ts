import { planProvided } from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import { TerminalError } from '@aura/kernel';

/** The text of the plan that an event brings. Errors: `TerminalError` when it brings none. */
export function planTextOf(event: CloudEvent): string {
  const read = planProvided.data.safeParse(event.data);
  if (read.success) return read.data.plan;
  throw new TerminalError(
    `${event.type} ${event.id} of ${event.source} brings no plan: ${read.error.message}`,
    {
      code: 'INVALID_PLAN',
      help: 'Look at who sends it; participant and coordinator should run the same version of Aura.',
    },
  );
}
