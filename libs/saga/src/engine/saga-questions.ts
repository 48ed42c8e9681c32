import type { CompensationPlan, SagaDetail } from '@aura/contracts';
import type { World } from '@aura/kernel';
import type { CompiledPlan } from '@aura/workflow';
import { compensationOf } from '../machine/compensation';
import { detailOf } from '../machine/detail';
import { foldRows } from '../machine/row';
import type { SagaState } from '../machine/state';
import type { GapSince } from '../machine/timers';
import { explain } from '../machine/waiting';
import type { SagaBook } from './book';

/** A saga and the plan that it is pinned to. */
export interface FoldedSaga {
  readonly compiled: CompiledPlan;
  readonly state: SagaState;
}

/** Answers questions about sagas from their journals, whoever tracks them. Errors: `StoreUnavailableError`. */
export class SagaQuestions {
  constructor(
    private readonly book: SagaBook,
    private readonly gaps: { gapSince(partition: number): GapSince },
    private readonly world: World,
    /** Looks after the view of a saga that somebody asked for. */
    private readonly onAsked: (state: SagaState) => void,
  ) {}

  /** A saga as clients see it; undefined when there is none. */
  async find(sagaId: string): Promise<SagaDetail | undefined> {
    const found = await this.folded(sagaId);
    if (found === undefined) return undefined;
    this.onAsked(found.state);
    return this.detail(found);
  }

  /** Where a saga stands and why, one sentence; undefined when there is none. */
  async why(sagaId: string): Promise<string | undefined> {
    const found = await this.folded(sagaId);
    return found && explain(found.compiled, found.state, this.gaps.gapSince(found.state.partition));
  }

  /** What a saga undoes, or would; undefined when there is none. */
  async compensation(sagaId: string): Promise<CompensationPlan | undefined> {
    const found = await this.folded(sagaId);
    return found && compensationOf(found.compiled, found.state);
  }

  /** A fold as clients see it. */
  detail({ compiled, state }: FoldedSaga): SagaDetail {
    return detailOf(compiled, state, this.world.clock.now(), this.gaps.gapSince(state.partition));
  }

  /** A saga as its journal says; undefined when there is none. */
  async folded(sagaId: string): Promise<FoldedSaga | undefined> {
    const history = await this.book.history(sagaId);
    const state = history && foldRows(history.compiled, history.rows).at(-1);
    return history && state && { compiled: history.compiled, state };
  }
}
