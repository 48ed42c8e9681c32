import type { Effect, FaultKind } from './fault';

/** Every fault by the name under which it can be asked for, and what it is. */
export const FAULT_NAMES = {
  crash: 'a process dies between two effects and comes back',
  pause: 'a process stands still for up to 30 s and wakes up without knowing',
  refused: 'a store or the broker does not answer, and nothing has happened',
  unknown: 'a store or the broker does not answer, though it has happened',
  partial: 'of several rows or copies only some are written, and nobody says which',
  late: 'an effect, or the answer to it, takes a while, and others come first',
  confirm: 'a confirm is not known, and the bus publishes again',
  ack: 'an ack is lost, and the delivery comes again',
  duplicate: 'a message arrives twice',
  reorder: 'a message takes a detour and arrives behind later ones',
  lost: 'what a participant says never reaches the coordinator',
  clock: 'the clock of a process jumps by an hour, and back later',
  owners: 'a lease runs out early: two coordinators believe they own a partition',
  flush: 'the fast stores lose everything',
  outage: 'the broker is away for some seconds, and everything in hand comes back',
  blocked: 'the broker asks publishers to wait for some seconds',
  operators: 'people cancel, retry, skip, resolve, resume and rerun sagas at random',
} as const;

export type FaultName = keyof typeof FAULT_NAMES;

/** Faults that strike one effect. */
export type EffectFault = Extract<
  FaultName,
  'crash' | 'pause' | 'refused' | 'unknown' | 'partial' | 'late' | 'confirm' | 'ack'
>;

/** Faults of a message on its way. */
export type WayFault = Extract<FaultName, 'duplicate' | 'reorder' | 'lost'>;

/** Faults of the surroundings as a whole. */
export type WeatherFault = Extract<FaultName, 'clock' | 'owners' | 'flush' | 'outage' | 'blocked'>;

/** What a fault can be at an effect, and how likely against the others. */
export const EFFECT_FAULTS: Readonly<
  Record<EffectFault, { readonly weight: number; readonly kinds: readonly FaultKind[] }>
> = {
  crash: { weight: 3, kinds: ['crashBefore', 'crashAfter'] },
  pause: { weight: 3, kinds: ['pause'] },
  refused: { weight: 6, kinds: ['refused'] },
  unknown: { weight: 6, kinds: ['answerLost'] },
  partial: { weight: 6, kinds: ['partly'] },
  late: { weight: 20, kinds: ['late', 'answerLate'] },
  confirm: { weight: 6, kinds: ['twice'] },
  ack: { weight: 12, kinds: ['refused'] },
};

const WRITES: readonly Effect[] = [
  'journal.append',
  'journal.snapshot',
  'views.put',
  'leases.write',
  'claims.put',
  'inbox.mark',
  'joins.arrive',
  'joins.drop',
  'results.set',
  'registry.write',
  'bus.publish',
  'bus.declare',
];
const SEVERAL: readonly Effect[] = ['journal.append', 'views.put', 'bus.publish', 'inbox.mark'];
const SETTLING: readonly Effect[] = ['bus.ack', 'bus.giveBack'];

const STRUCK: Readonly<Partial<Record<EffectFault, readonly Effect[]>>> = {
  unknown: WRITES,
  partial: SEVERAL,
  confirm: ['bus.publish'],
  ack: ['bus.ack'],
};

/** Whether a fault can strike an effect. */
export function canStrike(fault: EffectFault, effect: Effect): boolean {
  if (fault === 'refused') return !SETTLING.includes(effect);
  return STRUCK[fault]?.includes(effect) ?? true;
}
