import type { Coordinator } from '../coordinator';
import { earlyId, unclaimedOf } from './early-events';
import type { EngineParts, EnginePorts } from './open-parts';
import type { Rebuild } from './rebuild';
import type { Standings } from './standings';

/** What operators ask about whatever waits, and about views. */
export type Operations = Pick<
  Coordinator,
  'standing' | 'overdue' | 'unclaimed' | 'dropUnclaimed' | 'rebuild'
>;

/** Who answers operators. */
export interface OperationsParts {
  readonly parts: EngineParts;
  readonly standings: Standings;
  readonly rebuild: Rebuild;
}

/** Answers what operators ask; each saga of any partition, whoever tracks it. */
export function operationsOf(ports: EnginePorts, { parts, standings, rebuild }: OperationsParts): Operations {
  const { early } = parts;
  return {
    standing: (id) => standings.explain(id),
    overdue: async () => {
      const now = ports.world.clock.now();
      const all = await Promise.all([
        standings.overdueSagas(now),
        standings.overdueTransactions(now),
        standings.overdueOthers(now),
      ]);
      return all.flat();
    },
    unclaimed: async () => (await early.list()).map(unclaimedOf),
    dropUnclaimed: async ({ source, id, actor, reason }) => {
      const held = await early.drop(earlyId({ source, id }), `${actor.subject}: ${reason}`);
      if (held === undefined) return undefined;
      ports.log.warn('an event that no saga claimed was given up', { source, id, by: actor.subject, reason });
      return unclaimedOf(held);
    },
    rebuild: (dryRun) => rebuild.run(dryRun),
  };
}
