import type { AuraRuntime } from '@aura/nest';
import { stock } from './actions';

/** What is left of a stock of the participant `shop`, folded from its journal. */
export async function stockLeft(runtime: AuraRuntime, item: string): Promise<number> {
  const { journal } = await runtime.stores('shop');
  const changes = (await journal.read(`stock/${item}`)).flatMap(({ body }) =>
    Object.values((JSON.parse(body) as { readonly changes: Record<string, number> }).changes),
  );
  return changes.reduce((count, change) => count + change, stock.initial);
}
