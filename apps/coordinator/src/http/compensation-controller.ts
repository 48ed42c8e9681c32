import { mendRequest, type CompensationPlan, type MendBody, type SagaDetail } from '@aura/contracts';
import type { Actor, MendRequest } from '@aura/saga';
import { Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import type { HttpDependencies } from './http-dependencies';
import { Acting } from './identity/acting';
import { Content } from './parsing/content';
import { JsonPipe } from './parsing/json-pipe';
import { TextPipe } from './parsing/text-pipe';
import { ZodPipe } from './parsing/zod-pipe';
import { mendRefused, sagaNotFound } from './problems/known-problems';
import { HTTP_DEPENDENCIES } from './tokens';

/** The body of a wish to mend. */
const Wish = (): ParameterDecorator =>
  Content(['application/json'], TextPipe, JsonPipe, new ZodPipe(mendRequest));

/** Tells what a saga undoes, and lets people mend one that waits for them. Each answers 200 with the saga, or 409. */
@Controller('api/v1/workflows/:sagaId')
export class CompensationController {
  constructor(@Inject(HTTP_DEPENDENCIES) private readonly door: HttpDependencies) {}

  /** What is being undone, or would be if the saga were given up now. */
  @Get('compensation')
  async plan(@Param('sagaId') sagaId: string): Promise<CompensationPlan> {
    const plan = await this.door.coordinator.compensation(sagaId);
    if (plan === undefined) throw sagaNotFound(sagaId);
    return plan;
  }

  /** An undo that failed, or the step that suspended the saga, once more. */
  @Post('retry')
  @HttpCode(200)
  retry(
    @Param('sagaId') sagaId: string,
    @Wish() wish: MendBody,
    @Acting() actor: Actor,
  ): Promise<SagaDetail> {
    return this.mend('retry', { ...wish, sagaId, actor });
  }

  /** Leaves what could not be undone as it is. */
  @Post('skip')
  @HttpCode(200)
  skip(@Param('sagaId') sagaId: string, @Wish() wish: MendBody, @Acting() actor: Actor): Promise<SagaDetail> {
    return this.mend('skip', { ...wish, sagaId, actor });
  }

  /** What could not be undone was undone by hand. */
  @Post('resolve')
  @HttpCode(200)
  resolve(
    @Param('sagaId') sagaId: string,
    @Wish() wish: MendBody,
    @Acting() actor: Actor,
  ): Promise<SagaDetail> {
    return this.mend('resolve', { ...wish, sagaId, actor });
  }

  /** Gives the output of the step that suspended the saga. */
  @Post('resume')
  @HttpCode(200)
  resume(
    @Param('sagaId') sagaId: string,
    @Wish() wish: MendBody,
    @Acting() actor: Actor,
  ): Promise<SagaDetail> {
    return this.mend('resume', { ...wish, sagaId, actor });
  }

  private async mend(
    command: MendRequest['command'],
    { sagaId, actor, step, reason, output }: MendBody & Pick<MendRequest, 'sagaId' | 'actor'>,
  ): Promise<SagaDetail> {
    const mended = await this.door.coordinator.mend({
      sagaId,
      command,
      actor,
      ...(step === undefined ? {} : { step }),
      reason,
      ...(output === undefined ? {} : { output }),
    });
    if (!mended.ok) throw mendRefused(mended.error);
    return mended.value;
  }
}
