import type { TransactionRefusal } from '@aura/saga';
import { Problem } from './problem';

/** Why nothing was done about a transaction, as an answer. */
export function transactionRefused({ code, message, help }: TransactionRefusal): Problem {
  return code === 'UNKNOWN_TRANSACTION'
    ? new Problem(404, { code: 'TRANSACTION_NOT_FOUND', detail: message, help })
    : new Problem(409, { code, detail: message, help });
}

/** No transaction has this id; the same for any id that is not held, whatever its shape. */
export function transactionNotFound(transaction: string): Problem {
  return new Problem(404, {
    code: 'TRANSACTION_NOT_FOUND',
    detail: `no transaction ${JSON.stringify(transaction.slice(0, 200))} is held here`,
    help: 'Check the id: <saga>/<run>/<step>/<n>, percent-encoded in a path.',
  });
}
