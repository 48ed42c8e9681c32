import type { Effect } from './fault';

/** What a participant is at with an effect. */
const PARTICIPANT: Readonly<Record<Effect, string>> = {
  'journal.append': 'resource',
  'journal.read': 'resource asked',
  'journal.snapshot': 'snapshot',
  'views.put': 'plan kept',
  'views.read': 'plan asked',
  'leases.write': 'lease',
  'leases.read': 'lease',
  'claims.put': 'payload',
  'claims.read': 'payload',
  'inbox.seen': 'inbox asked',
  'inbox.mark': 'inbox marked',
  'joins.arrive': 'join',
  'joins.drop': 'join dropped',
  'results.get': 'cache asked',
  'results.set': 'cache kept',
  'registry.write': 'registry',
  'registry.read': 'registry',
  'limits.take': 'rate limit',
  'bus.publish': 'publish',
  'bus.declare': 'bind',
  'bus.consume': 'consume',
  'bus.depth': 'depth',
  'bus.ack': 'ack',
  'bus.giveBack': 'give back',
};

/** What a coordinator is at with an effect. */
const COORDINATOR: Readonly<Record<Effect, string>> = {
  ...PARTICIPANT,
  'journal.append': 'track',
  'journal.read': 'fold',
  'views.put': 'view',
  'views.read': 'view asked',
};

/** In what phase of the work a process is when it asks for an effect, e.g. `participant: claim`. */
export function phaseOf(process: string, effect: Effect, subject: string): string {
  if (process.startsWith('coordinator')) return `coordinator: ${coordinating(effect, subject)}`;
  return `participant: ${participating(effect, subject)}`;
}

function coordinating(effect: Effect, subject: string): string {
  if (effect === 'journal.append' && isOfTransaction(subject)) return transacting(subject);
  if (effect === 'journal.append' && subject.endsWith(' start')) return 'start';
  if (effect === 'journal.append' && subject.startsWith('definition')) return 'definition';
  return COORDINATOR[effect];
}

/** Whether an effect is about a transaction's journal, or that of a branch. */
export function isOfTransaction(subject: string): boolean {
  return subject.startsWith('tx/') || BRANCH.test(subject);
}

const BRANCH = /^step\/[^/]+\/\d+\/[^/]+\/\d+\/\w+#/;

/** Its first row asks for votes; later ones gather them, decide, and gather what is acknowledged. */
function transacting(subject: string): string {
  return /#1\b/.test(subject) ? 'transaction begun' : 'transaction';
}

/** What a branch is at with a row, by the operation that the row performs. */
const BRANCHING: Readonly<Record<string, string>> = {
  claim: 'prepare',
  vote: 'vote',
  end: 'commit',
  fence: 'abort',
  answer: 'abort',
};

function participating(effect: Effect, subject: string): string {
  if (!subject.startsWith('step/')) return PARTICIPANT[effect];
  if (effect === 'journal.read') return 'barrier asked';
  if (effect !== 'journal.append') return PARTICIPANT[effect];
  const operation = subject.slice(subject.lastIndexOf(' ') + 1);
  return isOfTransaction(subject) ? (BRANCHING[operation] ?? operation) : operation;
}

/** Phases that every run with all faults goes through, with an effect of each: no fault may pass one by. */
export const PHASES: Readonly<Record<string, Effect>> = {
  'coordinator: start': 'journal.append',
  'coordinator: track': 'journal.append',
  'coordinator: transaction begun': 'journal.append',
  'coordinator: transaction': 'journal.append',
  'coordinator: fold': 'journal.read',
  'coordinator: view': 'views.put',
  'coordinator: view asked': 'views.read',
  'coordinator: lease': 'leases.write',
  'coordinator: registry': 'registry.write',
  'coordinator: publish': 'bus.publish',
  'coordinator: depth': 'bus.depth',
  'coordinator: bind': 'bus.declare',
  'coordinator: consume': 'bus.consume',
  'coordinator: ack': 'bus.ack',
  'participant: barrier asked': 'journal.read',
  'participant: claim': 'journal.append',
  'participant: resource': 'journal.append',
  'participant: resource asked': 'journal.read',
  'participant: end': 'journal.append',
  'participant: fence': 'journal.append',
  'participant: answer': 'journal.append',
  'participant: prepare': 'journal.append',
  'participant: vote': 'journal.append',
  'participant: commit': 'journal.append',
  'participant: abort': 'journal.append',
  'participant: join': 'joins.arrive',
  'participant: inbox asked': 'inbox.seen',
  'participant: inbox marked': 'inbox.mark',
  'participant: publish': 'bus.publish',
  'participant: bind': 'bus.declare',
  'participant: ack': 'bus.ack',
};

/** Queues on whose way messages stray. */
export const WAYS: readonly string[] = ['queue: participant', 'queue: tracker', 'queue: coordinator'];
