import type { SagaDetail, StepDetail } from '@aura/contracts';
import { isEnough } from '../saga-step';
import type { SubSagaSpec } from '../definition-spec';
import type { Report } from '../violation';
import type { Families } from './families';
import type { BegunChild, FamilyMember } from './family-member';
import type { KnownSagas } from './known-sagas';

/** What families are held against when all is quiet. */
export interface FamiliesAtRest {
  readonly families: Families;
  readonly sagas: KnownSagas;
  readonly details: ReadonlyMap<string, SagaDetail>;
  readonly report: Report;
}

/** Whether every sub-saga stands or fell as its parent's outcome says. */
export function checkFamilies(atRest: FamiliesAtRest): void {
  for (const member of atRest.families.members)
    for (const [step, children] of member.begun) checkStep(atRest, { member, step, children });
}

interface FamilyStep {
  readonly member: FamilyMember;
  readonly step: string;
  readonly children: readonly BegunChild[];
}

function checkStep(atRest: FamiliesAtRest, place: FamilyStep): void {
  const { member, step, children } = place;
  for (const { child } of children)
    if (atRest.families.find(child) === undefined)
      say(atRest, member, `asked for ${child} by ${step}, and it was never opened`);
  // What stands then is what a person left.
  if (atRest.sagas.find(member.id)?.leftByPerson.has(step) === true) return;
  if (member.status === 'completed') return checkCompleted(atRest, place);
  if (member.hasEnded) return demandNothing(atRest, place, children);
}

function checkCompleted(atRest: FamiliesAtRest, place: FamilyStep): void {
  const { children, member, step } = place;
  const detail = atRest.details.get(member.id)?.steps.find(({ id }) => id === step);
  const saga = member.sagaOf(step);
  const run = member.runOf(step);
  const own = children.filter((one) => one.run === run);
  demandNothing(
    atRest,
    place,
    children.filter((one) => one.run !== run),
  );
  if (detail === undefined || saga === undefined) return;
  if (isByItself(detail)) demandPerformed(atRest, place, { own, saga, detail });
  else demandNothing(atRest, place, own);
}

/** Neither by a default nor by a person. */
function isByItself({ error, status }: StepDetail): boolean {
  return status === 'completed' && error === undefined;
}

interface Performed {
  readonly own: readonly BegunChild[];
  readonly saga: SubSagaSpec;
  readonly detail: StepDetail;
}

/** The step has what its last sub-saga brought. */
function demandPerformed(atRest: FamiliesAtRest, place: FamilyStep, { detail, own, saga }: Performed): void {
  const { member, step } = place;
  const completed = own.filter(({ child }) => atRest.families.find(child)?.status === 'completed');
  const last = own.at(-1);
  if (last === undefined || completed.at(-1) !== last)
    return say(atRest, member, `completed, and what performed ${step} last did not`);
  const outputs = completed.map(({ child }) => atRest.details.get(child)?.output);
  if (JSON.stringify(outputs.at(-1)) !== JSON.stringify(detail.output))
    say(atRest, member, `has of ${step} what ${last.child} did not bring: ${JSON.stringify(detail.output)}`);
  demandRounds(atRest, place, saga, outputs);
}

/** The last round was enough, and none before it; a person who has the step tried again grants one round more. */
function demandRounds(
  atRest: FamiliesAtRest,
  { member, step }: FamilyStep,
  saga: SubSagaSpec,
  outputs: readonly SagaDetail['output'][],
): void {
  const enough = outputs.map((output) => isEnough(saga, output));
  const most = (saga.repeat?.max ?? 1) + (member.retries.get(step) ?? 0);
  if (enough.indexOf(true) !== enough.length - 1 || outputs.length > most)
    say(atRest, member, `repeated ${step} until ${JSON.stringify(outputs)}, which is not when it was enough`);
}

/** Nothing of these stands, and nothing of them goes on. */
function demandNothing(
  atRest: FamiliesAtRest,
  { member, step }: FamilyStep,
  children: readonly BegunChild[],
): void {
  for (const { child } of children) {
    const performer = atRest.families.find(child);
    if (performer?.isOver === false)
      say(atRest, member, `is ${member.status}, and ${child} that performed ${step} is ${performer.status}`);
    // Whoever takes over for a person hears of it.
    if (performer?.asked !== undefined && isLeft(atRest, child))
      say(atRest, member, `is ${member.status}, and a person left what ${child} did by ${step}`);
  }
}

function isLeft({ sagas }: FamiliesAtRest, saga: string): boolean {
  return (sagas.find(saga)?.skipped.size ?? 0) > 0;
}

function say({ report }: FamiliesAtRest, { id }: FamilyMember, message: string): void {
  report(14, `${id} ${message}`, id);
}
