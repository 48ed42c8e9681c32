import { account } from '../barrier/account';
import type { Expectations } from './audit/audit';
import { EFFECTS_OF_ORDER } from './load-definition';

/** What an audit must know of the load: what an order changes, and that money only moves. */
export const LOAD_EXPECTATIONS: Expectations = {
  effectsOf: (input) => (isOrder(input) ? EFFECTS_OF_ORDER : {}),
  conserved: [account.name],
};

function isOrder(input: unknown): boolean {
  return typeof input === 'object' && input !== null && 'customer' in input;
}
