import type { Effect, Scene } from '@aura/testing';
import type { Families } from './invariants/families';
import type { FamilyMember } from './invariants/family-member';

/** A sub-saga is opened, whether it begins or not. */
const START: Scene = { phase: 'coordinator: sub-saga start', perMille: 50 };
/** A sub-saga goes on, or ends. */
const BELOW: Scene = { phase: 'coordinator: sub-saga', perMille: 25 };
/** A sub-saga was told to stop: it hears of it, is undone, ends. */
const STOPPED: Scene = { phase: 'coordinator: sub-saga stopped', perMille: 100 };
/** A sub-saga has ended, and its parent has not heard of it. */
const TOLD: Scene = { phase: 'coordinator: sub-saga ended', perMille: 150 };

/** Phases of families that every long run goes through; all are rows of sagas. */
export const FAMILY_PHASES: readonly string[] = [START, BELOW, STOPPED, TOLD].map(({ phase }) => phase);

/** What a row of a saga is in the life of its family; undefined for one that has none, and for everything else. */
export function familySceneOf(families: Families, effect: Effect, subject: string): Scene | undefined {
  if (effect !== 'journal.append' || !subject.startsWith('saga/')) return undefined;
  const [saga = ''] = subject.slice('saga/'.length).split('#', 1);
  const member = families.find(saga);
  if (member === undefined) return families.isAskedFor(saga) ? START : undefined;
  return families.isToHear(member) ? TOLD : belowOf(families, member);
}

function belowOf(families: Families, member: FamilyMember): Scene | undefined {
  if (member.parent === undefined) return undefined;
  return isStopped(families, member) ? STOPPED : BELOW;
}

function isStopped(families: Families, { asked, parent }: FamilyMember): boolean {
  if (asked !== undefined || parent === undefined) return asked !== undefined;
  return families.find(parent.saga)?.askedOf(parent.step, parent.run) !== undefined;
}
