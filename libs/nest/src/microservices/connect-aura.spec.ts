import 'reflect-metadata';
import { BusinessError, NO_LOG } from '@aura/kernel';
import { DEAD_LETTERS_QUEUE } from '@aura/messaging';
import { Tap, until } from '@aura/messaging/testing';
import { Controller, Module } from '@nestjs/common';
import type { INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AuraModule, AuraPublisher } from '../index';
import { AnnouncedAura } from '../testing/announced-aura';
import { AuraEventContext, connectAura } from './index';

const ANALYSED = 'ai.aura.image.analysed.v1';
const REFUSED = 'com.example.thing.refused.v1';

interface Seen {
  readonly data: unknown;
  readonly context: AuraEventContext;
}

const seen: Seen[] = [];
let failures = 0;

@Controller()
class Gallery {
  @EventPattern(ANALYSED)
  async onAnalysed(@Payload() data: unknown, @Ctx() context: AuraEventContext): Promise<void> {
    seen.push({ data, context });
    await Promise.resolve();
    if (failures-- > 0) throw new Error('not yet');
  }

  @EventPattern(REFUSED)
  onRefused(): void {
    throw new BusinessError('this will never do', { code: 'NEVER', help: 'Give up.' });
  }
}

@Controller()
class Asking {
  @MessagePattern('what')
  answer(): string {
    return 'that';
  }
}

describe('a service that subscribes with @EventPattern', () => {
  let aura: AnnouncedAura;
  let app: INestApplication;

  beforeAll(async () => {
    aura = await AnnouncedAura.open();
  });
  afterEach(() => app.close());
  afterAll(() => aura.close());

  const start = async (controller: Type): Promise<void> => {
    @Module({
      imports: [AuraModule.forRoot({ service: 'gallery', runFile: aura.runFile, log: NO_LOG })],
      controllers: [controller],
    })
    class Root {}
    app = await NestFactory.create(Root, new FastifyAdapter(), { logger: false, abortOnError: false });
    connectAura(app);
    await app.startAllMicroservices();
    await app.init();
  };

  it('gets events with a typed context, again when its handler failed, and acks behind it', async () => {
    seen.length = 0;
    failures = 1;
    await start(Gallery);
    await app.get(AuraPublisher).publish({ type: ANALYSED, data: { n: 1 }, correlationid: 's-1' });
    await until(() => seen.length === 2, 'the second attempt');
    expect(seen.map(({ data, context }) => [data, context.attempt, context.sagaId])).toEqual([
      [{ n: 1 }, 1, 's-1'],
      [{ n: 1 }, 2, 's-1'],
    ]);
    expect(seen[0]?.context.event).toMatchObject({ type: ANALYSED, source: '/aura/gallery' });
    const { bus } = aura.runtime;
    await until(async () => (await bus.depth('aura.events.gallery')) === 0, 'an empty queue');
  });

  it('sees step events of every definition', async () => {
    seen.length = 0;
    failures = 0;
    await start(Gallery);
    const event = { specversion: '1.0', id: '1', source: '/aura/x', type: ANALYSED } as const;
    await aura.runtime.bus.publish([
      { event, to: [{ kind: 'exchange', exchange: 'aura.events', key: `${ANALYSED}.some_definition` }] },
    ]);
    await until(() => seen.length === 1, 'the event');
  });

  it('buries what it refuses, with the reason', async () => {
    await start(Gallery);
    const tap = await Tap.acking(aura.runtime.bus, DEAD_LETTERS_QUEUE);
    await app.get(AuraPublisher).publish({ type: REFUSED, data: {} });
    expect((await tap.at(0)).event).toMatchObject({
      value: {
        data: {
          consumer: 'gallery',
          queue: 'aura.events.gallery',
          error: { code: 'NEVER', message: 'this will never do' },
        },
      },
    });
    await tap.consumer.stop(0);
  });

  it('keeps events for an instance that comes back', async () => {
    seen.length = 0;
    failures = 0;
    await start(Gallery);
    await app.close();
    const event = { specversion: '1.0', id: '2', source: '/aura/x', type: ANALYSED } as const;
    await aura.runtime.bus.publish([
      { event, to: [{ kind: 'exchange', exchange: 'aura.events', key: ANALYSED, mandatory: true }] },
    ]);
    await start(Gallery);
    await until(() => seen.length === 1, 'the event');
  });

  it('is refused handlers that are asked for an answer', async () => {
    await expect(start(Asking)).rejects.toThrow('@MessagePattern(what) cannot be served');
  });
});
