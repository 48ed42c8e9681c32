import type { OutboundMessage } from '@aura/messaging';
import type { CompiledPlan } from '@aura/workflow';
import type { SagaState } from '../machine/state';

/** A saga in memory: its fold, and what of it still has to be published. */
export interface BookedSaga {
  readonly compiled: CompiledPlan;
  readonly state: SagaState;
  /** Every row up to this one was published. */
  readonly publishedSeq: number;
  /** Messages of the rows behind `publishedSeq`. */
  readonly unpublished: readonly OutboundMessage[];
}
