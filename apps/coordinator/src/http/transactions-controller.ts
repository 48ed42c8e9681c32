import {
  decideRequest,
  transactionQuery,
  type DecideBody,
  type TransactionDetail,
  type TransactionList,
  type TransactionQuery,
} from '@aura/contracts';
import type { Actor } from '@aura/saga';
import { Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import type { HttpDependencies } from './http-dependencies';
import { Acting } from './identity/acting';
import { Content } from './parsing/content';
import { JsonPipe } from './parsing/json-pipe';
import { TextPipe } from './parsing/text-pipe';
import { ZodPipe } from './parsing/zod-pipe';
import { transactionNotFound, transactionRefused } from './problems/transaction-problems';
import { HTTP_DEPENDENCIES } from './tokens';

/** The in-doubt board. The id of a transaction is one segment of the path, percent-encoded. */
@Controller('api/v1/transactions')
export class TransactionsController {
  constructor(@Inject(HTTP_DEPENDENCIES) private readonly door: HttpDependencies) {}

  /** What has not ended, or all; newest first, at most 200. */
  @Get()
  async list(@Query(new ZodPipe(transactionQuery)) query: TransactionQuery): Promise<TransactionList> {
    return { transactions: [...(await this.door.coordinator.transactions.list(query))] };
  }

  /** Votes, who is waited for, what is held, what happens next. */
  @Get(':transaction')
  async show(@Param('transaction') transaction: string): Promise<TransactionDetail> {
    const detail = await this.door.coordinator.transactions.show(transaction);
    if (detail === undefined) throw transactionNotFound(transaction);
    return detail;
  }

  /** 200 with the transaction as it stands then; 409 with the reason against it. */
  @Post(':transaction/decide')
  @HttpCode(200)
  async decide(
    @Param('transaction') transaction: string,
    @Content(['application/json'], TextPipe, JsonPipe, new ZodPipe(decideRequest)) wish: DecideBody,
    @Acting() actor: Actor,
  ): Promise<TransactionDetail> {
    const decided = await this.door.coordinator.transactions.decide({ transaction, actor, ...wish });
    if (!decided.ok) throw transactionRefused(decided.error);
    return decided.value;
  }

  /** 200 with the transaction, which is no longer on the board; 409 while an acknowledgement is missing. */
  @Delete(':transaction')
  async forget(
    @Param('transaction') transaction: string,
    @Acting() actor: Actor,
  ): Promise<TransactionDetail> {
    const forgotten = await this.door.coordinator.transactions.forget({ transaction, actor });
    if (!forgotten.ok) throw transactionRefused(forgotten.error);
    return forgotten.value;
  }
}
