import { deadLetterRecorded, hasEnded, sagaStatus } from '@aura/contracts';
import type { CloudEvent, SagaDetail } from '@aura/contracts';
import { sagaStream } from '@aura/kernel';
import { viewOf } from '@aura/saga/testing';
import { BEGINNING, COORDINATOR } from '@aura/testing';
import type { Installation } from '@aura/testing';
import type { CompiledPlan } from '@aura/workflow';
import type { Report } from '../violation';
import type { Families } from './families';

/** What is looked at when all is quiet. */
export interface AtRest {
  readonly installation: Installation;
  readonly published: ReadonlyMap<string, CloudEvent>;
  readonly planOf: (workflow: string) => CompiledPlan | undefined;
  readonly report: Report;
}

/** Nothing is left on its way, and what could not be handled is kept. */
export function checkMessages({ installation, published, report }: AtRest): void {
  for (const { name, waiting, inHand, coming } of installation.broker.queues)
    if (waiting + inHand + coming > 0)
      report(11, `${name} has ${waiting} waiting, ${inHand} in hand and ${coming} on their way`);
  const letters = installation.stores(COORDINATOR).views.table('dead_letters');
  for (const { id, type } of published.values())
    if (type === deadLetterRecorded.type && letters.get(id) === undefined)
      report(11, `the dead letter ${id} was published and is not kept`);
}

/** As many sagas were started as were asked for: the same wish again starts none. */
export function checkNumber({ installation, report }: AtRest, wanted: number): void {
  const sagas = installation.stores(COORDINATOR).views.table('sagas').all().length;
  if (sagas !== wanted) report(7, `${wanted} sagas were asked for, ${sagas} are there`);
}

/** Views of open sagas may be this late, ms: a second, and the look for those that are. */
const LATE_MS = 1500;

/**
 * The stored view is what the journal alone makes, and everything that its rows say was said. Granted: an open saga whose
 * newest row is of the last second, for one that waits goes on asking; or was written by a clock that had been set back, when
 * its writer died within the second. Who takes over looks for rows of the last minute; the view comes with the saga's next
 * row or its time limit.
 */
export function checkRebuilt(atRest: AtRest, saga: SagaDetail): void {
  const { installation, planOf, report } = atRest;
  const { journal, views } = installation.stores(COORDINATOR);
  const compiled = planOf(saga.workflow);
  if (compiled === undefined) return report(10, `the plan of ${saga.workflow} is not kept`, saga.sagaId);
  const stored = views.table('sagas').get(saga.sagaId);
  const rows = journal.read(sagaStream(saga.sagaId));
  const since = (rows.at(-1)?.at ?? BEGINNING) - BEGINNING;
  const isLate = since < 0 || since > installation.timeline.elapsed - LATE_MS;
  if (isLate && !hasEnded(saga.status)) return;
  const rebuilt = viewOf(compiled, rows);
  if (JSON.stringify(stored) !== JSON.stringify(rebuilt))
    report(
      10,
      `its view is ${JSON.stringify(stored)}, and made again ${JSON.stringify(rebuilt)}`,
      saga.sagaId,
    );
}

/** Every saga that ended was heard to end, and only as it did, each time that it did. */
export function checkToldEnds({ published, report }: AtRest, families: Families): void {
  const told = endsTold(published.values());
  for (const { ends, id } of families.members) {
    const heard = (told.get(id) ?? []).join(' and ');
    const wanted = ends.join(' and ');
    if (heard !== wanted) report(8, `it was ${wanted} and was told to be "${heard}"`, id);
  }
}

function endsTold(events: Iterable<CloudEvent>): ReadonlyMap<string, readonly string[]> {
  const told = new Map<string, readonly string[]>();
  for (const event of events)
    for (const status of endTold(event)) {
      const saga = String(event.correlationid);
      told.set(saga, [...(told.get(saga) ?? []), status]);
    }
  return told;
}

/** The end of a saga that an event tells. */
function endTold({ type }: CloudEvent): readonly string[] {
  const read = sagaStatus.safeParse(/^ai\.aura\.saga\.([a-z]+)\.v1$/.exec(type)?.[1]);
  return read.success && hasEnded(read.data) ? [read.data] : [];
}
