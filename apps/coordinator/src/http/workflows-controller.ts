import {
  executeRequest,
  type ExecuteAccepted,
  type ExecuteRequest,
  type SagaDetail,
  type WhyAnswer,
} from '@aura/contracts';
import type { Actor } from '@aura/saga';
import { Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { HttpDependencies } from './http-dependencies';
import { Acting } from './identity/acting';
import { Content } from './parsing/content';
import { Header } from './parsing/header';
import { JsonPipe } from './parsing/json-pipe';
import { cancelReason, idempotencyKey } from './parsing/requests';
import { TextPipe } from './parsing/text-pipe';
import { ZodPipe } from './parsing/zod-pipe';
import { cancelRefused, sagaNotFound, startRefused } from './problems/known-problems';
import { HTTP_DEPENDENCIES } from './tokens';

const JSON_ONLY = ['application/json'];

/** Starts sagas and tells how they stand. */
@Controller('api/v1/workflows')
export class WorkflowsController {
  constructor(@Inject(HTTP_DEPENDENCIES) private readonly door: HttpDependencies) {}

  /** 202 with `Location` once the start is durable. */
  @Post('execute/async')
  @HttpCode(202)
  async execute(
    @Content(JSON_ONLY, TextPipe, JsonPipe, new ZodPipe(executeRequest)) request: ExecuteRequest,
    @Header('idempotency-key', new ZodPipe(idempotencyKey, 'Idempotency-Key')) key: string | undefined,
    @Acting() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ExecuteAccepted> {
    const { workflow, input, version, userId } = request;
    const started = await this.door.coordinator.start({
      workflow,
      input,
      actor,
      ...(version === undefined ? {} : { version }),
      ...(userId === undefined ? {} : { userId }),
      ...(key === undefined ? {} : { idempotencyKey: key }),
    });
    if (!started.ok) throw startRefused(started.error);
    void reply.header('location', `/api/v1/workflows/${started.value.sagaId}`);
    return started.value;
  }

  @Get(':sagaId')
  async show(@Param('sagaId') sagaId: string): Promise<SagaDetail> {
    return this.held(sagaId);
  }

  @Get(':sagaId/why')
  async why(@Param('sagaId') sagaId: string): Promise<WhyAnswer> {
    const [saga, why] = await Promise.all([this.held(sagaId), this.door.coordinator.why(sagaId)]);
    if (why === undefined) throw sagaNotFound(sagaId);
    return { sagaId: saga.sagaId, status: saga.status, why };
  }

  /** 200 with the saga, cancelled now or before; 409 with what is applied. */
  @Delete(':sagaId')
  async cancel(
    @Param('sagaId') sagaId: string,
    @Query('reason', new ZodPipe(cancelReason, 'reason')) reason: string | undefined,
    @Acting() actor: Actor,
  ): Promise<SagaDetail> {
    const request = { sagaId, actor, ...(reason === undefined ? {} : { reason }) };
    const cancelled = await this.door.coordinator.cancel(request);
    if (!cancelled.ok) throw cancelRefused(cancelled.error);
    return cancelled.value;
  }

  private async held(sagaId: string): Promise<SagaDetail> {
    const saga = await this.door.coordinator.find(sagaId);
    if (saga === undefined) throw sagaNotFound(sagaId);
    return saga;
  }
}
