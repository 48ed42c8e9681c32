import type { CompensationPlan, JsonValue, SagaDetail } from '@aura/contracts';
import type { World } from '@aura/kernel';
import type { CompiledPlan } from '@aura/workflow';
import { compensationOf } from '../machine/compensation';
import { detailOf } from '../machine/detail';
import { awaited } from '../machine/progress';
import { foldRows } from '../machine/row';
import type { SagaState } from '../machine/state';
import type { GapSince } from '../machine/gap-since';
import { explain } from '../machine/waiting';
import type { Catalogue } from './catalogue';
import type { SagaBook } from './book';
import { givenOutputProblem } from './given-output';

/** A saga and the plan that it is pinned to. */
export interface FoldedSaga {
  readonly compiled: CompiledPlan;
  readonly state: SagaState;
}

/** What questions are answered with beside journals. */
export interface QuestionParts {
  /** Looks after the view of a saga that somebody asked for. */
  readonly onAsked: (state: SagaState) => void;
  /** Who offers what. */
  readonly catalogue: Pick<Catalogue, 'refreshIfOld' | 'lacks' | 'actions'>;
}

/** Answers questions about sagas from their journals, whoever tracks them. Errors: `StoreUnavailableError`. */
export class SagaQuestions {
  constructor(
    private readonly book: SagaBook,
    private readonly gaps: { gapSince(partition: number): GapSince },
    private readonly world: World,
    private readonly parts: QuestionParts,
  ) {}

  /** A saga as clients see it; undefined when there is none. */
  async find(sagaId: string): Promise<SagaDetail | undefined> {
    const found = await this.folded(sagaId);
    if (found === undefined) return undefined;
    this.parts.onAsked(found.state);
    return this.detail(found);
  }

  /** Why an output that a person gives cannot be that of the step that suspended a saga; undefined when it can, as far as is known. */
  async outputProblem(saga: FoldedSaga, output: JsonValue): Promise<string | undefined> {
    const { catalogue } = this.parts;
    await catalogue.refreshIfOld();
    return givenOutputProblem(saga, output, catalogue);
  }

  /** Where a saga stands and why, one sentence; undefined when there is none. */
  async why(sagaId: string): Promise<string | undefined> {
    const found = await this.folded(sagaId);
    if (found === undefined) return undefined;
    const { compiled, state } = found;
    const lacking = await this.lacking(found);
    return [explain(compiled, state, this.gaps.gapSince(state.partition)), ...lacking].join(' ');
  }

  /** What a saga undoes, or would; undefined when there is none. */
  async compensation(sagaId: string): Promise<CompensationPlan | undefined> {
    const found = await this.folded(sagaId);
    return found && compensationOf(found.compiled, found.state);
  }

  /** What a saga waits for that nobody offers any more: its timeouts stand still until somebody does. */
  private async lacking({ compiled, state }: FoldedSaga): Promise<readonly string[]> {
    if (state.status !== 'running') return [];
    await this.parts.catalogue.refreshIfOld();
    return awaited(compiled, state)
      .filter(({ participant, action }) => this.parts.catalogue.lacks(participant, action))
      .map(
        ({ id, participant, action }) =>
          `Participant ${participant} no longer offers action ${action}, so that step ${id} waits until it does.`,
      );
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
