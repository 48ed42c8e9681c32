import type { CompensationPlan, UndoDetail } from '@aura/contracts';
import type { CompiledPlan } from '@aura/workflow';
import { hasEnded } from '@aura/contracts';
import { appliedOf } from './applied';
import { planned } from './planned';
import { present } from './present';
import { nodeOf } from './progress';
import type { SagaState, UndoItem } from './state';
import { isBehind, undoOrder } from './undo-order';

/** What a saga undoes, or would undo if it were given up now, in the order in which it may be. */
export function compensationOf(compiled: CompiledPlan, state: SagaState): CompensationPlan {
  const { undoing } = state;
  const items = undoing?.items ?? wouldBe(compiled, state);
  return {
    sagaId: state.saga,
    status: state.status,
    begun: undoing !== undefined,
    steps: items.map((item) => undoDetail(compiled, items, item, undoing !== undefined)),
    ...present({ error: undoing?.error, failedStep: undoing?.failedStep }),
  };
}

/** Nothing is left to undo of a saga that has ended without being given up. */
function wouldBe(compiled: CompiledPlan, state: SagaState): readonly UndoItem[] {
  if (hasEnded(state.status)) return [];
  return planned(compiled, state, undoOrder(compiled, appliedOf(compiled, state)));
}

function undoDetail(
  compiled: CompiledPlan,
  items: readonly UndoItem[],
  item: UndoItem,
  isBegun: boolean,
): UndoDetail {
  const { id, action, participant, undo } = nodeOf(compiled, item.step);
  const { mode, run, epoch, error, deadLetterId, note } = item;
  const behind = items.filter((other) => other !== item && isBehind(compiled, other.step, id));
  return {
    step: id,
    action,
    participant,
    mode,
    run,
    epoch,
    status: isBegun ? statusOf(item) : 'planned',
    after: behind.map(({ step }) => step),
    ...present({ undo, error, deadLetterId, note }),
  };
}

function statusOf({ answer, askedAt }: UndoItem): UndoDetail['status'] {
  return answer ?? (askedAt === undefined ? 'waiting' : 'asked');
}
