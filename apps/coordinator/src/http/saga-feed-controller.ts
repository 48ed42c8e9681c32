import { Readable } from 'node:stream';
import { hasEnded } from '@aura/contracts';
import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { sseFrames } from './feeds/sse-frames';
import type { HttpDependencies } from './http-dependencies';
import type { HttpSettings } from './http-settings';
import { Header } from './parsing/header';
import { lastEventId } from './parsing/requests';
import { ZodPipe } from './parsing/zod-pipe';
import { OpenFeeds } from './places/open-feeds';
import { sagaNotFound } from './problems/known-problems';
import { HTTP_DEPENDENCIES, HTTP_SETTINGS } from './tokens';

/** A saga's feed as server-sent events, read from the journal. */
@Controller('api/v1/workflows')
export class SagaFeedController {
  constructor(
    @Inject(HTTP_DEPENDENCIES) private readonly door: HttpDependencies,
    @Inject(HTTP_SETTINGS) private readonly settings: HttpSettings,
    @Inject(OpenFeeds) private readonly feeds: OpenFeeds,
  ) {}

  /** 204 where the client has all there will ever be: that is how an `EventSource` is told not to come back. */
  @Get(':sagaId/events')
  async events(
    @Param('sagaId') sagaId: string,
    @Header('last-event-id', new ZodPipe(lastEventId, 'Last-Event-ID')) after: number,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const saga = await this.door.coordinator.find(sagaId);
    if (saga === undefined) throw sagaNotFound(sagaId);
    if (hasEnded(saga.status) && after >= saga.sequence) {
      await reply.status(204).send();
      return;
    }
    void reply.type('text/event-stream; charset=utf-8').header('cache-control', 'no-cache, no-transform');
    void reply.header('x-accel-buffering', 'no');
    await reply.send(reply.request.method === 'HEAD' ? '' : this.stream(sagaId, after, reply));
  }

  private stream(sagaId: string, after: number, reply: FastifyReply): Readable {
    const feed = this.feeds.take();
    reply.raw.once('close', () => feed.close());
    const { signal } = feed;
    const entries = this.door.coordinator.feed(sagaId, after, signal);
    const { heartbeatMs, slowClientMs: slowMs } = this.settings;
    const onSlow = (): void => {
      this.door.log(`a client of the feed of ${sagaId} took nothing for ${slowMs} ms and is cut`);
      reply.raw.destroy();
    };
    const frames = sseFrames(entries, { signal, heartbeatMs, slowMs, onSlow });
    // One frame at most waits in the stream; a slow client stops the reading of the journal, nothing piles up.
    const stream = Readable.from(frames, { highWaterMark: 1 });
    stream.once('error', (error) =>
      this.door.log(`feed of ${sagaId} broke: ${error.stack ?? error.message}`),
    );
    return stream;
  }
}
