import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { METRICS_SOURCE } from './metrics-source';
import type { MetricsSource } from './metrics-source';

/** `/metrics`: what the process has measured, as Prometheus reads it. */
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(METRICS_SOURCE) private readonly source: MetricsSource) {}

  @Get()
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    const { contentType, text } = await this.source.page();
    await reply.type(contentType).send(text);
  }
}
