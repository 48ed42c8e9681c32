import type { CompiledPlan, PlanStep } from '@aura/workflow';
import { nodeOf, upstreamOf } from './progress';

/** Whether a node comes behind another one, so that it must be undone before it. A fallback comes behind its own step. */
export function isBehind(compiled: CompiledPlan, step: string, front: string): boolean {
  const own = nodeOf(compiled, step);
  const origin = originOf(nodeOf(compiled, front));
  return (own.standsFor === front && own.id !== front) || upstreamOf(compiled, own).has(origin);
}

function originOf({ id, standsFor }: PlanStep): string {
  return standsFor ?? id;
}

/** Nodes in the order in which they may be undone: those behind first, otherwise the last of the plan first. */
export function undoOrder(compiled: CompiledPlan, steps: readonly string[]): readonly string[] {
  const open = [...steps].reverse();
  const order: string[] = [];
  while (open.length > 0) {
    const free = open.findIndex((step) => !open.some((other) => isBehind(compiled, other, step)));
    order.push(...open.splice(Math.max(free, 0), 1));
  }
  return order;
}
