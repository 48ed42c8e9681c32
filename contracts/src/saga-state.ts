import * as z from 'zod';

/** States of a saga that goes on. */
export const openSagaStatus = z.enum(['running', 'suspended', 'compensating', 'compensation_failed']);

/** States of a saga that has ended. `failed` means: nothing was there to undo. */
export const endedSagaStatus = z.enum(['completed', 'failed', 'compensated', 'cancelled']);

/** Every state of a saga. */
export const sagaStatus = z.enum([...openSagaStatus.options, ...endedSagaStatus.options]);

/** How a step can stand. `completed`, `skipped`, `continued` and `failed` are ends. */
export const stepStatus = z.enum(['waiting', 'triggered', 'completed', 'skipped', 'continued', 'failed']);

export type OpenSagaStatus = z.infer<typeof openSagaStatus>;
export type EndedSagaStatus = z.infer<typeof endedSagaStatus>;
export type SagaStatus = z.infer<typeof sagaStatus>;
export type StepStatus = z.infer<typeof stepStatus>;

/** Whether a saga in this state has ended. */
export function hasEnded(status: SagaStatus): status is EndedSagaStatus {
  return (endedSagaStatus.options as readonly string[]).includes(status);
}
