import type { JsonValue } from '@aura/contracts';
import type { Chance } from '@aura/testing';
import { INPUTS, PARTICIPANTS } from './definition-spec';
import type { BranchKind, BranchSpec, TransactionSpec } from './definition-spec';

/** Two to four branches. Short waits for votes run out whenever something goes wrong. */
export function randomTransaction(chance: Chance): TransactionSpec {
  const count = chance.between(2, 4);
  return {
    prepareTimeout: chance.pick(['700ms', '3s', '5s']),
    branches: Array.from({ length: count }, (_, n) => randomBranch(chance, n)),
  };
}

function randomBranch(chance: Chance, n: number): BranchSpec {
  return {
    id: `b${n}`,
    participant: chance.pick(PARTICIPANTS),
    kind: chance.pick<BranchKind>(['stateful', 'stateful', 'stateful', 'locking', 'looking']),
    salt: chance.between(1, 900),
    refuseAt: chance.hits(150) ? chance.below(INPUTS) : -1,
    flaky: chance.hits(80) ? chance.pick([1, 2, 9]) : 0,
  };
}

/** `transaction` of the step as an author would write it; `got`: what its branches are told of the steps in front. */
export function transactionMember(
  { branches, prepareTimeout }: TransactionSpec,
  got: JsonValue,
): { readonly [member: string]: JsonValue } {
  return {
    prepareTimeout,
    branches: branches.map(({ id, participant, kind, salt, refuseAt, flaky }) => ({
      id,
      action: `${participant}-${kind}`,
      input: { n: 'input.n', salt, refuseAt, flaky, undoFails: 0, got },
    })),
  };
}
