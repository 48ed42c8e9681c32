import { VirtualWorld } from '@aura/kernel/testing';
import { ReemissionBudget } from './reemission-budget';

function taken(budget: ReemissionBudget): number {
  let count = 0;
  while (budget.take()) count += 1;
  return count;
}

it('re-emissions are few at first, one for twenty deliveries, and some a second when nothing comes', async () => {
  const world = new VirtualWorld();
  let delivered = 0;
  const budget = new ReemissionBudget(world.clock, () => delivered);
  expect(taken(budget)).toBe(50);
  delivered += 200;
  expect(taken(budget)).toBe(10);
  await world.advance(5000);
  expect(taken(budget)).toBe(10);
  delivered += 100_000;
  expect(taken(budget)).toBe(100);
});
