import type { SagaDetail } from '@aura/client';

/** What `--json` prints: exactly one object. Absent values are null, so that every member is always there. */
export function sagaSummary(saga: SagaDetail) {
  return {
    sagaId: saga.sagaId,
    status: saga.status,
    durationMs: saga.durationMs,
    output: saga.output ?? null,
    steps: saga.steps.map(({ id, status, attempts, startedAt, endedAt }) => ({
      id,
      status,
      attempts,
      startedAt: startedAt ?? null,
      endedAt: endedAt ?? null,
    })),
  };
}
