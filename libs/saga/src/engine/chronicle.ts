import { hasEnded } from '@aura/contracts';
import type { Log, LogFields, Meter } from '@aura/kernel';
import { traceIdOf } from '@aura/messaging';
import type { PaidEntry } from '../machine/entry';
import type { SagaState } from '../machine/state';
import type { BookedSaga } from './booked-saga';

/** Code of a sub-saga that its parent stopped before it began. */
const NOT_WANTED = 'CANCELLED';

/** What every line about a saga says. */
export function aboutSaga({ compiled, state }: Pick<BookedSaga, 'compiled' | 'state'>): LogFields {
  return {
    correlationId: state.saga,
    definition: compiled.plan.definition,
    traceId: traceIdOf(state.traceparent),
  };
}

/** Tells log and meter of the turns in the lives of sagas, each by the instance that appended the row. */
export class Chronicle {
  constructor(
    private readonly meter: Meter,
    private readonly log: Log,
  ) {}

  /** A saga's journal was opened: it has started, and may have ended in that row, or is a sub-saga that never begins. */
  opened(saga: BookedSaga, entries: readonly PaidEntry[]): void {
    if (entries.some(({ entry }) => entry.kind === 'started' && entry.isRefused === true))
      return this.neverBegins(saga);
    this.started(saga);
    this.moved({ status: 'running' }, saga);
  }

  private started(saga: BookedSaga): void {
    const { definition, version } = saga.compiled.plan;
    this.meter.counter('aura_sagas_started_total', { definition }).add();
    this.log.info('saga started', { ...aboutSaga(saga), version, actor: saga.state.actor.subject });
  }

  private neverBegins(saga: BookedSaga): void {
    const { status, error } = saga.state;
    const code = error?.code ?? NOT_WANTED;
    this.refused({ code });
    this.log.info('sub-saga never begins', { ...aboutSaga(saga), status, code });
  }

  /** A wish to start a saga was refused. */
  refused({ code }: { readonly code: string }): void {
    this.meter.counter('aura_start_refusals_total', { code }).add();
  }

  /** A saga got a row; `before` is how it stood, as far as that is known. */
  moved(before: Pick<SagaState, 'status'> | undefined, saga: BookedSaga): void {
    const { status } = saga.state;
    if (before?.status === status) return;
    if (hasEnded(status)) this.ended(saga);
    else if (before !== undefined) this.turned(saga);
  }

  private ended(saga: BookedSaga): void {
    const { definition } = saga.compiled.plan;
    const { status, startedAt, endedAt = startedAt, error, failedStep } = saga.state;
    this.meter.counter('aura_sagas_ended_total', { definition, status }).add();
    this.meter
      .histogram('aura_saga_duration_seconds', { definition, status })
      .observe((endedAt - startedAt) / 1000);
    this.log.info(`saga ${status}`, {
      ...aboutSaga(saga),
      status,
      ms: endedAt - startedAt,
      step: failedStep,
      code: error?.code,
    });
  }

  /** It goes on, or waits: for its undo, or for a person. */
  private turned(saga: BookedSaga): void {
    const { definition } = saga.compiled.plan;
    const { status, error, failedStep } = saga.state;
    const fields = { ...aboutSaga(saga), status, step: failedStep, code: error?.code };
    if (status === 'running') return this.log.info('saga goes on', fields);
    this.meter.counter('aura_sagas_stopped_total', { definition, status }).add();
    this.log.warn(`saga ${status}`, fields);
  }
}
