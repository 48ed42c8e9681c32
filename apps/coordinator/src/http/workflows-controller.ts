import {
  executeRequest,
  type ExecuteAccepted,
  type ExecuteRequest,
  type SagaDetail,
  type WhyAnswer,
} from '@aura/contracts';
import type { Actor } from '@aura/saga';
import { Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { HttpDependencies } from './http-dependencies';
import { Content } from './parsing/content';
import { Header } from './parsing/header';
import { JsonPipe } from './parsing/json-pipe';
import { idempotencyKey } from './parsing/requests';
import { TextPipe } from './parsing/text-pipe';
import { ZodPipe } from './parsing/zod-pipe';
import { sagaNotFound, startRefused } from './problems/known-problems';
import { ACTOR, HTTP_DEPENDENCIES } from './tokens';

const JSON_ONLY = ['application/json'];

/** Starts sagas and tells how they stand. */
@Controller('api/v1/workflows')
export class WorkflowsController {
  constructor(
    @Inject(HTTP_DEPENDENCIES) private readonly door: HttpDependencies,
    @Inject(ACTOR) private readonly actor: Actor,
  ) {}

  /** 202 with `Location` once the start is durable. */
  @Post('execute/async')
  @HttpCode(202)
  async execute(
    @Content(JSON_ONLY, TextPipe, JsonPipe, new ZodPipe(executeRequest)) request: ExecuteRequest,
    @Header('idempotency-key', new ZodPipe(idempotencyKey, 'Idempotency-Key')) key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ExecuteAccepted> {
    const { workflow, input, version, userId } = request;
    const started = await this.door.coordinator.start({
      workflow,
      input,
      actor: this.actor,
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

  private async held(sagaId: string): Promise<SagaDetail> {
    const saga = await this.door.coordinator.find(sagaId);
    if (saga === undefined) throw sagaNotFound(sagaId);
    return saga;
  }
}
