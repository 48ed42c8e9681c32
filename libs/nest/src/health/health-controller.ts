import type { LiveAnswer, ReadyAnswer } from '@aura/contracts';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Open } from '../auth/open';
import { HEALTH_SOURCE } from './health-source';
import type { HealthSource } from './health-source';
import { Readiness } from './readiness';

/** When whoever found a process unready may ask again, s. */
const ASK_AGAIN_S = '1';

/** `/health/live`: the process answers. `/health/ready`: 200 when every dependency is there, else 503; each is named. */
@Open()
@Controller('health')
export class HealthController {
  private readonly readiness: Readiness;

  constructor(@Inject(HEALTH_SOURCE) private readonly source: HealthSource) {
    this.readiness = new Readiness(() => source.dependencies());
  }

  @Get('live')
  live(): LiveAnswer {
    return { status: 'live', ...this.identity(), upForMs: Math.round(process.uptime() * 1000) };
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadyAnswer> {
    const dependencies = [...(await this.readiness.report())];
    const isReady = dependencies.every(({ status }) => status === 'up');
    if (!isReady) void reply.status(503).header('retry-after', ASK_AGAIN_S);
    void reply.header('cache-control', 'no-store');
    return { status: isReady ? 'ready' : 'not-ready', ...this.identity(), dependencies };
  }

  private identity(): Pick<LiveAnswer, 'service' | 'version' | 'instance'> {
    const { service, version, instance } = this.source;
    return { service, version, instance };
  }
}
