import {
  executeQuery,
  executeRequest,
  hasEnded,
  type ExecuteAccepted,
  type ExecuteQuery,
  type ExecuteRequest,
  type SagaDetail,
} from '@aura/contracts';
import type { Actor } from '@aura/saga';
import { Controller, HttpCode, Inject, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { HttpDependencies } from '../http-dependencies';
import type { HttpSettings } from '../http-settings';
import { Acting } from '../identity/acting';
import { Content } from '../parsing/content';
import { JsonPipe } from '../parsing/json-pipe';
import { idempotencyKeyHeader } from '../parsing/requests';
import { TextPipe } from '../parsing/text-pipe';
import { ZodPipe } from '../parsing/zod-pipe';
import { OpenWaits } from '../places/open-waits';
import { stoppedWaiting, waitOver } from '../problems/known-problems';
import { spanOf } from '../tracing/request-span';
import { HTTP_DEPENDENCIES, HTTP_SETTINGS } from '../tokens';
import { startWhenActive } from './start-when-active';
import { untilEnded } from './until-ended';

const JSON_ONLY = ['application/json'];
const KEY = new ZodPipe(idempotencyKeyHeader, 'Idempotency-Key');

/** Starts sagas. Both roads wait for participants of the workflow, and stop waiting when the client goes. */
@Controller('api/v1/workflows')
export class StartsController {
  constructor(
    @Inject(HTTP_DEPENDENCIES) private readonly door: HttpDependencies,
    @Inject(HTTP_SETTINGS) private readonly settings: HttpSettings,
    @Inject(OpenWaits) private readonly waits: OpenWaits,
  ) {}

  /** 200 with the saga, whatever its end; 504 with `Location` when the wait is over while it goes on. */
  @Post('execute')
  @HttpCode(200)
  async execute(
    @Content(JSON_ONLY, TextPipe, JsonPipe, new ZodPipe(executeRequest)) request: ExecuteRequest,
    @Query(new ZodPipe(executeQuery)) { waitMs = this.settings.waitMs }: ExecuteQuery,
    @Acting() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SagaDetail> {
    const place = this.waits.take();
    reply.raw.once('close', () => place.close());
    try {
      const { sagaId } = await this.start({ request, actor }, place.signal, reply);
      const signal = AbortSignal.any([place.signal, AbortSignal.timeout(waitMs)]);
      const saga = await untilEnded(this.door.coordinator, sagaId, signal);
      if (saga !== undefined && hasEnded(saga.status)) return saga;
      throw this.waits.isStopping ? stoppedWaiting(sagaId) : waitOver(sagaId, waitMs);
    } finally {
      place.close();
    }
  }

  /** 202 with `Location` once the start is durable. */
  @Post('execute/async')
  @HttpCode(202)
  async executeAsync(
    @Content(JSON_ONLY, TextPipe, JsonPipe, new ZodPipe(executeRequest)) request: ExecuteRequest,
    @Acting() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ExecuteAccepted> {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    return this.start({ request, actor }, gone.signal, reply);
  }

  private async start(asked: AskedStart, signal: AbortSignal, reply: FastifyReply): Promise<ExecuteAccepted> {
    const { workflow, input, version, userId } = asked.request;
    const idempotencyKey = KEY.transform(reply.request.headers['idempotency-key'], { type: 'custom' });
    const wish = {
      workflow,
      input,
      actor: asked.actor,
      trace: (sagaId: string) => spanOf(reply.request).begin(sagaId),
      ...(version === undefined ? {} : { version }),
      ...(userId === undefined ? {} : { userId }),
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    };
    const { participantsMs } = this.settings;
    const pending = (name: string) => this.door.pending?.(name);
    const accepted = await startWhenActive(this.door.coordinator, wish, { participantsMs, signal, pending });
    void reply.header('location', `/api/v1/workflows/${accepted.sagaId}`);
    return accepted;
  }
}

interface AskedStart {
  readonly request: ExecuteRequest;
  readonly actor: Actor;
}
