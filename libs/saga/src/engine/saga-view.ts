import type { ErrorRecord } from '@aura/contracts';
import type { ViewDefinition, ViewRecord } from '@aura/kernel';
import type { CompiledPlan } from '@aura/workflow';
import type { SagaState } from '../machine/state';
import { isInFlight } from '../machine/in-flight';
import { nextTimer, timersOf } from '../machine/timers';
import { NO_GAP } from '../machine/gap-since';

/**
 * Fields of a saga's view. Times in ms since 1970; `dueAt` is null when no timer runs; `inFlight` is 1 for a saga that counts
 * for admission.
 */
export type SagaViewField =
  | 'status'
  | 'definition'
  | 'version'
  | 'userId'
  | 'partition'
  | 'startedAt'
  | 'endedAt'
  | 'dueAt'
  | 'seq'
  | 'publishedSeq'
  | 'inFlight';

/** The collection of saga views. */
export const SAGA_VIEWS: ViewDefinition<SagaViewField> = {
  name: 'sagas',
  fields: {
    status: 'text',
    definition: 'text',
    version: 'text',
    userId: 'text',
    partition: 'integer',
    startedAt: 'integer',
    endedAt: 'integer',
    dueAt: 'integer',
    seq: 'integer',
    publishedSeq: 'integer',
    inFlight: 'integer',
  },
  indexes: [
    ['partition', 'dueAt'],
    ['status', 'startedAt'],
    ['definition', 'startedAt'],
    ['userId', 'startedAt'],
    ['startedAt'],
    ['inFlight'],
  ],
};

/** What a view holds beside its fields. */
export interface SagaViewBody {
  readonly run: number;
  readonly sequence: number;
  readonly error: ErrorRecord | null;
}

/** More than any saga has rows: of two views the one with the higher seq stands, and of one seq the one published further. */
const BEYOND_ROWS = 1_000_000;

/** The view of a saga: a function of its fold and of what was published, so that it can be made again byte for byte. */
export function sagaView(
  compiled: CompiledPlan,
  state: SagaState,
  publishedSeq: number,
): ViewRecord<SagaViewField> {
  const { definition, version } = compiled.plan;
  return {
    id: state.saga,
    version: state.seq * BEYOND_ROWS + publishedSeq,
    fields: {
      status: state.status,
      definition,
      version,
      userId: state.userId ?? null,
      partition: state.partition,
      startedAt: state.startedAt,
      endedAt: state.endedAt ?? null,
      dueAt: nextTimer(timersOf(compiled, state, NO_GAP))?.until ?? null,
      seq: state.seq,
      publishedSeq,
      inFlight: isInFlight(compiled, state) ? 1 : 0,
    },
    body: JSON.stringify(bodyOf(state)),
  };
}

function bodyOf({ run, sequence, error }: SagaState): SagaViewBody {
  return { run, sequence, error: error ?? null };
}
