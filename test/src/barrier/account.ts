import type { JsonValue } from '@aura/contracts';
import type { ResourceType } from '@aura/workflow';

/** An account that may not go below nothing: amounts are taken, and given when negative. */
export const account: ResourceType<number> = {
  name: 'account',
  initial: 100,
  evolve: (balance, change) => balance - numberOf(change),
  decide: (balance, amount, id) => {
    const taken = numberOf(amount);
    if (balance >= taken) return { change: taken };
    return { refused: { code: 'NO_MONEY', message: `${id} has ${balance}, not ${taken}` } };
  },
  reverse: (change) => -numberOf(change),
};

function numberOf(value: JsonValue): number {
  if (typeof value !== 'number') throw new TypeError(`${JSON.stringify(value)} is no number`);
  return value;
}
