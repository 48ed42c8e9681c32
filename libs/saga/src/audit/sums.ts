import type { Count, Sum } from './audit-report';
import type { ResourceFacts } from './resource-facts';

/** What each participant has of each kind of resource that is counted, by unit. */
export function sumsOf(resources: Iterable<ResourceFacts>): readonly Sum[] {
  const sums = new Map<string, Sum>();
  for (const { participant, type, counted, prepared } of resources) {
    if (counted?.unit === undefined) continue;
    const { unit, received, spent, held, onHand } = counted;
    const key = `${participant}/${type}/${unit}`;
    const sum = sums.get(key) ?? NOTHING;
    sums.set(key, {
      participant,
      type,
      unit,
      resources: sum.resources + 1,
      received: sum.received + received,
      available: sum.available + onHand - prepared,
      prepared: sum.prepared + prepared,
      held: sum.held + held,
      spent: sum.spent + spent,
    });
  }
  return inOrder(sums);
}

/** How many of the changes of resources that are not counted still stand. */
export function countsOf(resources: Iterable<ResourceFacts>): readonly Count[] {
  const counts = new Map<string, Count>();
  for (const { participant, type, counted, effects } of resources) {
    if (counted !== undefined) continue;
    const key = `${participant}/${type}`;
    const count = counts.get(key) ?? { participant, type, resources: 0, standing: 0, changes: 0 };
    const standing = [...effects.values()].filter((effect) => effect.standing === 'applied').length;
    counts.set(key, {
      ...count,
      resources: count.resources + 1,
      standing: count.standing + standing,
      changes: count.changes + effects.size,
    });
  }
  return inOrder(counts);
}

const NOTHING = { resources: 0, received: 0, available: 0, prepared: 0, held: 0, spent: 0 };

function inOrder<T>(found: ReadonlyMap<string, T>): readonly T[] {
  return [...found].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, value]) => value);
}
