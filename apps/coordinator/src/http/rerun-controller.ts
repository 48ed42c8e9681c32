import {
  rerunQuery,
  rerunRequest,
  type RerunBody,
  type RerunPlan,
  type RerunQuery,
  type SagaDetail,
} from '@aura/contracts';
import type { Actor } from '@aura/saga';
import { Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import type { HttpDependencies } from './http-dependencies';
import { Acting } from './identity/acting';
import { Content } from './parsing/content';
import { JsonPipe } from './parsing/json-pipe';
import { TextPipe } from './parsing/text-pipe';
import { ZodPipe } from './parsing/zod-pipe';
import { mendRefused, sagaNotFound } from './problems/known-problems';
import { HTTP_DEPENDENCIES } from './tokens';

/** Lets sagas go on again from a step, and tells beforehand what that would do. */
@Controller('api/v1/workflows/:sagaId/rerun')
export class RerunController {
  constructor(@Inject(HTTP_DEPENDENCIES) private readonly door: HttpDependencies) {}

  /** What a rerun would undo, run again and carry over, or why it is refused. */
  @Get()
  async plan(
    @Param('sagaId') sagaId: string,
    @Query(new ZodPipe(rerunQuery)) { from }: RerunQuery,
  ): Promise<RerunPlan> {
    const plan = await this.door.coordinator.planRerun(sagaId, from);
    if (plan === undefined) throw sagaNotFound(sagaId);
    return plan;
  }

  /** 200 with the saga on its way into its new run; 409 with the reason against it. */
  @Post()
  @HttpCode(200)
  async rerun(
    @Param('sagaId') sagaId: string,
    @Content(['application/json'], TextPipe, JsonPipe, new ZodPipe(rerunRequest)) wish: RerunBody,
    @Acting() actor: Actor,
  ): Promise<SagaDetail> {
    const rerun = await this.door.coordinator.rerun({ sagaId, actor, ...wish });
    if (!rerun.ok) throw mendRefused(rerun.error);
    return rerun.value;
  }
}
