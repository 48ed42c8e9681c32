import { hasEnded } from '@aura/contracts';
import type { RerunPlan, SagaDetail } from '@aura/contracts';
import { err } from '@aura/kernel';
import type { Result } from '@aura/kernel';
import type { RerunRefusal, RerunRequest } from '../coordinator';
import { rerunPlanOf } from '../machine/rerun';
import type { RerunInput } from '../machine/saga-input';
import type { Definitions } from './definitions';
import { NO_REASON } from './interventions';
import type { Interventions } from './interventions';
import type { FoldedSaga, SagaQuestions } from './saga-questions';

/** What reruns work with. */
export interface RerunParts {
  readonly definitions: Pick<Definitions, 'active'>;
  readonly questions: Pick<SagaQuestions, 'folded'>;
  readonly interventions: Pick<Interventions, 'intervene'>;
}

/** Has sagas go on again from a step, at any instance, or tells what that would do. Errors: `StoreUnavailableError`. */
export class Reruns {
  constructor(private readonly parts: RerunParts) {}

  /** What a rerun would do, or why it is refused; undefined when there is no such saga. */
  async plan(sagaId: string, from: string): Promise<RerunPlan | undefined> {
    const found = await this.parts.questions.folded(sagaId);
    if (found === undefined) return undefined;
    const plan = rerunPlanOf(found, from);
    const refusal = plan.refusal ?? (await this.released(found));
    return refusal === undefined ? plan : { ...plan, refusal };
  }

  /** The saga as it stands then: running again, or on its way there. */
  async run({
    sagaId,
    reason = NO_REASON,
    ...request
  }: RerunRequest): Promise<Result<SagaDetail, RerunRefusal>> {
    const found = await this.parts.questions.folded(sagaId);
    const refusal = found && (await this.released(found));
    if (refusal !== undefined) return err(cannot(refusal));
    const input: RerunInput = { kind: 'rerun', reason, ...request };
    return this.parts.interventions.intervene<RerunRefusal>(sagaId, input, (saga) =>
      cannot(rerunPlanOf(saga, input.from).refusal ?? `saga ${sagaId} took nothing from that`),
    );
  }

  /** Behind its last saga a retired definition is bound nowhere: nobody would hear of a step's end. */
  private async released({ compiled, state }: FoldedSaga): Promise<string | undefined> {
    if (!hasEnded(state.status)) return undefined;
    const { definition, version } = compiled.plan;
    const active = await this.parts.definitions.active(definition, version);
    if (active.ok || active.error === 'unknown' || active.error.status !== 'retired') return undefined;
    return `saga ${state.saga} has ended, and ${definition} ${version} is retired: its participants listen for it no more`;
  }
}

function cannot(message: string): RerunRefusal {
  return {
    code: 'CANNOT_RERUN',
    message,
    help: 'See what a rerun would do by `aura sagas rerun ID --from STEP --dry-run`.',
  };
}
