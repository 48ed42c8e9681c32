import {
  cancelQuery,
  sagaListQuery,
  sagaStanding,
  type CancelQuery,
  type SagaDetail,
  type SagaList,
  type SagaListQuery,
  type SagaStanding,
  type TemplateList,
  type WhyAnswer,
} from '@aura/contracts';
import type { Actor } from '@aura/saga';
import { Controller, Delete, Get, Inject, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { HttpDependencies } from './http-dependencies';
import { Acting } from './identity/acting';
import { decodeCursor, encodeCursor } from './parsing/cursor';
import { ZodPipe } from './parsing/zod-pipe';
import { cancelRefused, sagaNotFound } from './problems/known-problems';
import { curlLine, originOf } from './starts/curl-line';
import { HTTP_DEPENDENCIES } from './tokens';

/** Tells how sagas stand, what can be started, and cancels. */
@Controller('api/v1/workflows')
export class WorkflowsController {
  constructor(@Inject(HTTP_DEPENDENCIES) private readonly door: HttpDependencies) {}

  /** Newest first, a page at a time. */
  @Get()
  async list(@Query(new ZodPipe(sagaListQuery)) query: SagaListQuery): Promise<SagaList> {
    const { status, workflow, userId, from, to, cursor, limit } = query;
    const { sagas, next } = await this.door.coordinator.list({
      limit,
      ...(status === undefined ? {} : { status }),
      ...(workflow === undefined ? {} : { workflow }),
      ...(userId === undefined ? {} : { userId }),
      ...(from === undefined ? {} : { from: Date.parse(from) }),
      ...(to === undefined ? {} : { to: Date.parse(to) }),
      ...(cursor === undefined ? {} : { after: decodeCursor(cursor) }),
    });
    return { sagas: [...sagas], ...(next === undefined ? {} : { next: encodeCursor(next) }) };
  }

  /** Each workflow with what it takes, and a line for a shell that starts its example here. */
  @Get('templates')
  async templates(@Req() request: FastifyRequest): Promise<TemplateList> {
    const templates = await this.door.coordinator.templates();
    const how = { origin: originOf(request), signsIn: request.headers.authorization !== undefined };
    return { templates: templates.map((template) => ({ ...template, curl: curlLine(template, how) })) };
  }

  @Get(':sagaId')
  async show(@Param('sagaId') sagaId: string): Promise<SagaDetail> {
    return this.held(sagaId);
  }

  /** The saga without its payloads. */
  @Get(':sagaId/status')
  async status(@Param('sagaId') sagaId: string): Promise<SagaStanding> {
    return sagaStanding.parse(await this.held(sagaId));
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
    @Query(new ZodPipe(cancelQuery)) { reason }: CancelQuery,
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
