import type { Discrepancy } from './audit-report';
import type { Effect, ResourceFacts } from './resource-facts';
import type { SagaFacts } from './saga-facts';
import type { StepFacts, StepPhase } from './step-facts';
import type { TransactionFacts } from './transaction-facts';

/** Everything that was read. */
export interface AuditFacts {
  readonly steps: readonly StepFacts[];
  /** By `<participant> <stream>`. */
  readonly resources: ReadonlyMap<string, ResourceFacts>;
  /** By id. */
  readonly sagas: ReadonlyMap<string, SagaFacts>;
  /** By id. */
  readonly transactions: ReadonlyMap<string, TransactionFacts>;
}

/** Names a resource among all participants. */
export function resourceName(participant: string, stream: string): string {
  return `${participant} ${stream}`;
}

/** Key of a claim's n-th resource in that resource's journal. */
export function effectOf(step: Pick<StepFacts, 'stream'>, n: number): string {
  return `${step.stream}/${n}`;
}

/** What does not add up between a step, the resources that it names, and its saga. */
export function judgeStep(facts: AuditFacts, step: StepFacts): readonly Discrepancy[] {
  const saga = facts.sagas.get(step.saga);
  return [...judgeEffects(facts, step, saga), ...judgeSaga(step, saga)];
}

/** Whether a person said that the effect of a step may stand. */
export function isByHand(step: StepFacts, saga: SagaFacts | undefined): boolean {
  return saga?.byHand.has(step.step) === true;
}

function judgeEffects(
  facts: AuditFacts,
  step: StepFacts,
  saga: SagaFacts | undefined,
): readonly Discrepancy[] {
  const isOpen = saga?.status === 'open';
  return step.claims.flatMap(({ type, id }, n) => {
    const resource = facts.resources.get(resourceName(step.participant, `${type}/${id}`));
    const effect = resource?.effects.get(effectOf(step, n));
    const wrong = wrongEffect(step, effect?.standing ?? 'gone', isOpen);
    if (wrong === undefined) return [];
    return [wrongOf(step, wrong.code, `${wrong.message} (${type}/${id}${rowText(effect)})`)];
  });
}

interface Wrong {
  readonly code: string;
  readonly message: string;
}

function wrongEffect(
  { phase, stream }: StepFacts,
  standing: Effect['standing'],
  isOpen: boolean,
): Wrong | undefined {
  if (phase === 'applied') return missing(stream, standing, 'applied');
  if (phase === 'reversed') return leftOver(stream, standing);
  // On its way: whatever stands meanwhile, somebody comes by and goes on.
  if (isOpen) return undefined;
  return phase === 'prepared' ? missing(stream, standing, 'prepared') : leftOver(stream, standing);
}

function missing(stream: string, standing: Effect['standing'], expected: StepPhase): Wrong | undefined {
  if (standing === expected) return undefined;
  return { code: 'MISSING_EFFECT', message: `${stream} is ${expected}, but its effect is ${standing}` };
}

function leftOver(stream: string, standing: Effect['standing']): Wrong | undefined {
  if (standing === 'gone') return undefined;
  return { code: 'LEFT_OVER', message: `nothing of ${stream} is to stand, but its effect is ${standing}` };
}

const UNDONE: readonly SagaFacts['status'][] = ['failed', 'cancelled', 'compensated'];

function judgeSaga(step: StepFacts, saga: SagaFacts | undefined): readonly Discrepancy[] {
  if (step.claims.length === 0) return [];
  if (saga === undefined) return [wrongOf(step, 'UNKNOWN_SAGA', `saga ${step.saga} has no journal`)];
  if (saga.status === 'open') return [];
  if (step.phase === 'applied') return judgeApplied(step, saga);
  if (step.phase === 'refused' || step.phase === 'reversed') return [];
  const message = `saga ${step.saga} is ${saga.status}, but ${step.stream} is ${step.phase}`;
  return [wrongOf(step, step.phase === 'prepared' ? 'IN_DOUBT' : 'UNFINISHED', message)];
}

function judgeApplied(step: StepFacts, saga: SagaFacts): readonly Discrepancy[] {
  if (isByHand(step, saga)) return [];
  if (UNDONE.includes(saga.status))
    return [wrongOf(step, 'NOT_UNDONE', `saga ${step.saga} is ${saga.status}, but ${step.stream} stands`)];
  if (!saga.undone.has(`${step.run}/${step.step}`)) return [];
  return [
    wrongOf(step, 'NOT_UNDONE', `${step.stream} stands, though its undo was answered (${saga.stream})`),
  ];
}

function wrongOf({ participant, stream, seq }: StepFacts, code: string, message: string): Discrepancy {
  return { code, participant, stream, seq, message };
}

function rowText(effect: Effect | undefined): string {
  return effect === undefined ? ', no row' : `, row ${effect.seq}`;
}
