import {
  dropRequest,
  rebuildRequest,
  standingQuery,
  type DropBody,
  type OverdueList,
  type RebuildBody,
  type RebuildReport,
  type Standing,
  type StandingQuery,
  type UnclaimedEvent,
  type UnclaimedList,
} from '@aura/contracts';
import type { Actor } from '@aura/saga';
import { Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import type { HttpDependencies } from './http-dependencies';
import { Acting } from './identity/acting';
import { Content } from './parsing/content';
import { JsonPipe } from './parsing/json-pipe';
import { TextPipe } from './parsing/text-pipe';
import { ZodPipe } from './parsing/zod-pipe';
import { eventNotHeld, nothingWaits } from './problems/known-problems';
import { HTTP_DEPENDENCIES } from './tokens';

/** Tells what waits, and for whom; what nobody claims; and makes views again. */
@Controller('api/v1')
export class OperationsController {
  constructor(@Inject(HTTP_DEPENDENCIES) private readonly door: HttpDependencies) {}

  /** Events whose saga is not known, oldest first. */
  @Get('events/unclaimed')
  async unclaimed(): Promise<UnclaimedList> {
    return { events: [...(await this.door.coordinator.unclaimed())] };
  }

  /** The event is dropped when it comes next. */
  @Post('events/unclaimed/drop')
  @HttpCode(200)
  async drop(
    @Content(['application/json'], TextPipe, JsonPipe, new ZodPipe(dropRequest)) wish: DropBody,
    @Acting() actor: Actor,
  ): Promise<UnclaimedEvent> {
    const dropped = await this.door.coordinator.dropUnclaimed({ ...wish, actor });
    if (dropped === undefined) throw eventNotHeld(wish);
    return dropped;
  }

  /** What is past its time, or does not say what it waits for. */
  @Get('overdue')
  async overdue(): Promise<OverdueList> {
    return { overdue: [...(await this.door.coordinator.overdue())] };
  }

  /** One thing that has not ended, whatever it is. */
  @Get('why')
  async why(@Query(new ZodPipe(standingQuery)) { id }: StandingQuery): Promise<Standing> {
    const standing = await this.door.coordinator.standing(id);
    if (standing === undefined) throw nothingWaits(id);
    return standing;
  }

  /** Views of sagas and definitions, made again from their journals. */
  @Post('rebuild')
  @HttpCode(200)
  rebuild(
    @Content(['application/json'], TextPipe, JsonPipe, new ZodPipe(rebuildRequest)) { dryRun }: RebuildBody,
  ): Promise<RebuildReport> {
    return this.door.coordinator.rebuild(dryRun);
  }
}
