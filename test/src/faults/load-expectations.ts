import type { JsonValue } from '@aura/contracts';
import { account } from '../barrier/account';
import type { Expectations } from './audit/audit';
import { EFFECTS_OF_ORDER } from './load-definition';

/** What an audit must know of the load: what each of its workflows changes, told by its input, and that money only moves. */
export const LOAD_EXPECTATIONS: Expectations = {
  effectsOf: (input) => {
    const { customer, pieces, amountCents, items } = input as Readonly<Record<string, JsonValue | undefined>>;
    if (customer !== undefined) return EFFECTS_OF_ORDER;
    if (Array.isArray(pieces)) return { budget: 1, stock: new Set(pieces).size, save: 1 };
    if (Array.isArray(items)) return { receive: items.length };
    return amountCents === undefined ? {} : { fund: 1 };
  },
  conserved: [account.name],
};
