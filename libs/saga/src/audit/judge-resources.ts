import type { Discrepancy } from './audit-report';
import { effectOf, resourceName } from './judge-steps';
import type { AuditFacts } from './judge-steps';

/** Effects that no claim names: whoever made them is not known, and nobody would undo them. */
export function judgeResources({ steps, resources }: AuditFacts): readonly Discrepancy[] {
  const claimed = new Set(
    steps.flatMap((step) =>
      step.claims.map(({ type, id }, n) => {
        const stream = resourceName(step.participant, `${type}/${id}`);
        return `${stream} ${effectOf(step, n)}`;
      }),
    ),
  );
  return [...resources].flatMap(([name, { participant, stream, effects }]) =>
    [...effects].flatMap(([operation, { standing, seq }]) => {
      if (standing === 'gone' || claimed.has(`${name} ${operation}`)) return [];
      const message = `${operation} is ${standing}, but no claim of a step names it`;
      return [{ code: 'UNCLAIMED_EFFECT', participant, stream, seq, message }];
    }),
  );
}
