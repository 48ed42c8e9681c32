import type { Coordinator } from '@aura/saga';
import type { Chance } from '@aura/testing';
import type { SimulatedWorld } from './world';

type Command = 'decide aborted' | 'decide committed' | 'forget';

const COMMANDS: readonly Command[] = ['decide aborted', 'decide committed', 'forget'];
const ACTOR = { subject: 'operator', roles: [] } as const;

/** What a transaction looks like about which something can be done. */
const STATUSES: Readonly<Record<Command, readonly string[]>> = {
  'decide aborted': ['preparing', 'aborting'],
  'decide committed': ['committing'],
  forget: ['committed', 'aborted', 'undone'],
};

/** Everything that people do about transactions. */
export const TRANSACTION_OPERATIONS: readonly string[] = COMMANDS.map((command) => `operator: ${command}`);

/** People who decide transactions in doubt, also too early, and take off the board what is over. */
export class TransactionOperators {
  readonly #decided = new Set<string>();

  constructor(
    private readonly world: SimulatedWorld,
    private readonly chance: Chance,
    /** Told of every command that was carried out. */
    private readonly onDone: (phase: string) => void,
  ) {}

  /** Whether somebody decided a transaction of a saga; he may not have been answered. */
  hasDecided(saga: string): boolean {
    return this.#decided.has(saga);
  }

  /** Lets them work for a while, about once in `everyMs`. */
  begin(lastsMs: number, everyMs: number): void {
    const { timeline } = this.world.installation;
    for (let atMs = 0; atMs < lastsMs; atMs += 1 + this.chance.below(2 * everyMs))
      timeline.after(atMs, () => this.#act());
  }

  #act(): void {
    const command = this.chance.pick(COMMANDS);
    const roll = this.chance.next();
    const seen = this.world.transactionsIn(STATUSES[command]);
    const transaction = seen[roll % Math.max(1, seen.length)];
    const up = this.world.installation.coordinators.filter(
      ({ isUp, process }) => isUp && process?.isPaused === false,
    );
    const coordinator = up[roll % Math.max(1, up.length)]?.running;
    if (transaction === undefined || coordinator === undefined) return;
    if (command !== 'forget') this.#decided.add(transaction.saga);
    say(coordinator, command, transaction.id).then(
      (isDone) => {
        if (isDone) this.onDone(`operator: ${command}`);
      },
      // Nobody answered; the next one who looks decides anew.
      () => undefined,
    );
  }
}

async function say(
  { transactions }: Pick<Coordinator, 'transactions'>,
  command: Command,
  transaction: string,
): Promise<boolean> {
  const by = { transaction, actor: ACTOR };
  if (command === 'forget') return (await transactions.forget(by)).ok;
  const decision = command === 'decide aborted' ? 'aborted' : 'committed';
  return (await transactions.decide({ ...by, decision, note: 'by chance' })).ok;
}
