import { Argument } from 'commander';
import type { Command } from 'commander';
import type { Acting } from './acting';
import {
  decideTransaction,
  forgetTransaction,
  listTransactions,
  showTransaction,
} from './commands/transactions';
import type { TransactionListOptions } from './commands/transactions';

/** `aura tx`: the in-doubt board. */
export function addTransactions(aura: Command, acting: Acting): void {
  const tx = aura.command('tx').description('transactions: what they wait for, and what to do about it');
  tx.command('list')
    .description('transactions that have not ended, newest first')
    .option('--all', 'those that have ended as well, unless they were forgotten')
    .option('--saga <id>', 'only of this saga')
    .option('--json', 'as the API answers it')
    .action(acting((context, own) => listTransactions(context, own.opts<TransactionListOptions>())));
  tx.command('show')
    .description('votes, who is waited for, what is held, what happens next')
    .argument('<id>')
    .option('--json', 'as the API answers it')
    .action(
      acting((context, own) =>
        showTransaction(context, own.args[0] ?? '', own.opts<TransactionListOptions>()),
      ),
    );
  tx.command('decide')
    .description('abort what is undecided, decide what is unknown, or answer for branches that do not')
    .argument('<id>')
    .addArgument(new Argument('<decision>').choices(['committed', 'aborted']))
    .requiredOption('--note <text>', "why; stands in the transaction's journal")
    .action(acting((context, own) => decideTransaction(context, own.args, own.opts<{ note: string }>())));
  tx.command('forget')
    .description('take a transaction that has ended off the board')
    .argument('<id>')
    .action(acting((context, own) => forgetTransaction(context, own.args[0] ?? '')));
}
