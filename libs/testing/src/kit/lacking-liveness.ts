import { openSagaStatus } from '@aura/contracts';
import type { SagaDetail } from '@aura/contracts';
import type { Coordinator } from '@aura/saga';

/**
 * The invariant of everything that has not ended: it says what it waits for, until when and who acts then. Answers one
 * sentence for each thing that does not; nothing when all do. Looks at the newest 200 open sagas and transactions, and at
 * events that wait for their sagas.
 */
export async function lackingLiveness(
  coordinator: Pick<Coordinator, 'list' | 'find' | 'standing' | 'unclaimed'> & {
    readonly transactions: Pick<Coordinator['transactions'], 'list'>;
  },
): Promise<readonly string[]> {
  const { sagas } = await coordinator.list({ status: openSagaStatus.options, limit: 200 });
  const lacking: string[] = [];
  for (const { sagaId } of sagas) {
    const saga = await coordinator.find(sagaId);
    if (saga !== undefined) lacking.push(...lackOf(`saga ${sagaId}, ${saga.status},`, saga));
  }
  for (const { transaction, status } of await coordinator.transactions.list({ which: 'open' })) {
    const open = await coordinator.standing(transaction);
    if (open !== undefined) lacking.push(...lackOf(`transaction ${transaction}, ${status},`, open));
  }
  for (const { source, id } of await coordinator.unclaimed()) {
    const held = await coordinator.standing(`${source} ${id}`);
    if (held !== undefined) lacking.push(...lackOf(`event ${source} ${id}`, held));
  }
  return lacking;
}

type Waiting = Partial<Pick<SagaDetail, 'waitingFor' | 'until' | 'owner' | 'endedAt'>>;

/** What something may lack of the three, in words. */
const LACKS: readonly (readonly [string, (waiting: Waiting) => boolean])[] = [
  ['what it waits for', ({ waitingFor }) => !waitingFor],
  ['until when', ({ until = '' }) => Number.isNaN(Date.parse(until))],
  ['who acts then', ({ owner }) => !owner],
];

function lackOf(what: string, waiting: Waiting): readonly string[] {
  if (waiting.endedAt !== undefined) return [];
  const lacks = LACKS.filter(([, isLacking]) => isLacking(waiting)).map(([words]) => words);
  return lacks.length === 0 ? [] : [`${what} does not say ${lacks.join(', ')}`];
}
