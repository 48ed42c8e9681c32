import { NO_LOG } from '@aura/kernel';
import { EVENTS_EXCHANGE, UnroutableError } from '@aura/messaging';
import { Tap, until } from '@aura/messaging/testing';
import { Injectable, Module } from '@nestjs/common';
import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AURA_RUNTIME, AuraHealth, AuraModule, AuraPublisher, defineAction, z } from '../index';
import type { Action, AuraOptions, AuraRuntime } from '../index';
import { AnnouncedAura } from '../testing/announced-aura';
import { markedAction } from './inside-action';

const greet = defineAction({
  name: 'greet',
  kind: 'pure',
  input: z.object({ who: z.string() }),
  output: z.object({ greeting: z.string() }),
  emits: 'com.example.greeting.made.v1',
  run: ({ who }) => ({ output: { greeting: `Hello, ${who}` } }),
});

@Injectable()
class Phrases {
  readonly hello = 'Hi';
}

@Module({ providers: [Phrases], exports: [Phrases] })
class PhrasesModule {}

@Module({})
class Root {}

async function appWith(imported: DynamicModule): Promise<INestApplicationContext> {
  const root = { module: Root, imports: [imported] };
  return NestFactory.createApplicationContext(root, { logger: false, abortOnError: false });
}

describe('AuraModule', () => {
  let aura: AnnouncedAura;
  let app: INestApplicationContext | undefined;

  beforeAll(async () => {
    aura = await AnnouncedAura.open();
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });
  afterAll(() => aura.close());

  const options = (more: Partial<AuraOptions> = {}): AuraOptions => ({
    service: 'greeter',
    actions: [greet],
    runFile: aura.runFile,
    log: NO_LOG,
    ...more,
  });

  it('joins a running Aura, announces its actions, and says goodbye', async () => {
    const { bus } = aura.runtime;
    await bus.declareQueue({ queue: 'watch', kind: 'work' });
    await bus.bind([
      { kind: 'queue', queue: 'watch', exchange: EVENTS_EXCHANGE, key: 'ai.aura.participant.#' },
    ]);
    const tap = await Tap.acking(bus, 'watch');
    app = await appWith(AuraModule.forRoot(options({ version: '1.2.3', instance: 'one' })));
    const [announced] = await tap.has(1);
    expect(announced?.event).toMatchObject({
      value: {
        type: 'ai.aura.participant.announced.v1',
        data: {
          participant: 'greeter',
          instance: 'greeter@one',
          version: '1.2.3',
          actions: [{ name: 'greet' }],
        },
      },
    });
    const health = app.get(AuraHealth);
    expect(health.check()).toEqual({ status: 'up', bus: 'up', participant: 'running', reasons: [] });
    expect(await health.isHealthy('aura')).toEqual({ aura: health.check() });
    await app.close();
    expect(health.check()).toMatchObject({ status: 'down', participant: 'stopped' });
    await tap.has(2);
    expect(tap.deliveries[1]?.event).toMatchObject({ value: { type: 'ai.aura.participant.left.v1' } });
    await tap.consumer.stop(0);
  });

  it('makes actions from what the application injects and the participant owns', async () => {
    const seen: unknown[] = [];
    const made = AuraModule.forRootAsync({
      imports: [PhrasesModule],
      inject: [Phrases],
      useFactory: ({ hello }: Phrases) =>
        options({
          actions: ({ journal, world }): readonly Action[] => {
            seen.push(hello, typeof journal.append, typeof world.clock.now());
            return [greet];
          },
        }),
    });
    app = await appWith(made);
    expect(seen).toEqual(['Hi', 'function', 'number']);
    expect(app.get(AuraHealth).check().status).toBe('up');
  });

  it('goes on behind a restart of the Aura that it joined', async () => {
    app = await appWith(AuraModule.forRoot(options()));
    const health = app.get(AuraHealth);
    await aura.restart();
    await until(() => health.check().status === 'up', 'health');
    const runtime = app.get<AuraRuntime>(AURA_RUNTIME);
    expect(await runtime.bus.depth('aura.participant.greeter')).toBe(0);
  });

  it('says once that an Aura on servers has taken the place of the one that it joined, and joins an embedded one again', async () => {
    const told: string[] = [];
    const log = { ...NO_LOG, warn: (line: string): void => void told.push(line) };
    app = await appWith(AuraModule.forRoot(options({ log })));
    const health = app.get(AuraHealth);
    const obstacle = `the Aura in ${aura.runFile} runs on servers and is not joined by a socket; Start this service again`;
    await aura.restart(async () => {
      writeFileSync(aura.runFile, '{"pid":1,"ground":"servers","isReady":false}');
      await until(() => told.some((line) => line.startsWith(obstacle)), 'the sentence');
      expect(health.check()).toMatchObject({ status: 'down', bus: 'down' });
    });
    await until(() => health.check().status === 'up', 'health');
    expect(told.filter((line) => line.startsWith(obstacle))).toHaveLength(1);
  });

  it('refuses options that are wrong at once, each by its name', () => {
    const wrong = { service: 'Shop', actions: [{}], prefetch: 0, colour: 1 } as unknown as AuraOptions;
    let refusal: unknown;
    try {
      AuraModule.forRoot(wrong);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({ code: 'UNSAFE_SETUP' });
    for (const name of ['service', 'actions', 'prefetch', 'colour']) expect(String(refusal)).toContain(name);
    expect(() => AuraModule.forRoot(options({ service: 'coordinator' }))).toThrow('must not be coordinator');
  });

  it('does not join what cannot be joined, and says what to name instead', async () => {
    const runFile = join(aura.folder, 'run-servers.json');
    for (const text of ['{"pid":1,"url":"http://127.0.0.1:1"}', '{"pid":1,"ground":"servers"}', 'no json']) {
      writeFileSync(runFile, text);
      await expect(appWith(AuraModule.forRoot(options({ runFile })))).rejects.toMatchObject({
        code: 'UNSAFE_SETUP',
        help: expect.stringContaining('AURA_*_URL'),
      });
    }
  });

  describe('the publisher', () => {
    it('publishes with confirm, from a service without actions too', async () => {
      const { bus } = aura.runtime;
      await bus.declareQueue({ queue: 'orders', kind: 'work' });
      const key = 'com.example.order.placed.v1';
      await bus.bind([{ kind: 'queue', queue: 'orders', exchange: EVENTS_EXCHANGE, key }]);
      app = await appWith(AuraModule.forRoot({ service: 'shop', runFile: aura.runFile }));
      expect(app.get(AuraHealth).check()).toMatchObject({ status: 'up', participant: 'none' });
      const publisher = app.get(AuraPublisher);
      const [first, second] = await publisher.publish(
        { type: key, data: { item: 'coat' }, subject: 'ann', mandatory: true },
        { type: key, data: null, id: 'order-2', time: '2026-01-02T03:04:05Z' },
      );
      const tap = await Tap.acking(bus, 'orders');
      const events = (await tap.has(2)).map(({ event }) => (event.ok ? event.value : undefined));
      expect(events).toEqual([first, second]);
      expect(first).toMatchObject({ source: '/aura/shop', subject: 'ann', data: { item: 'coat' } });
      expect(second).toMatchObject({ id: 'order-2', time: '2026-01-02T03:04:05Z' });
      const nobody = publisher.publish({ type: 'com.example.nobody.cares.v1', data: 1, mandatory: true });
      await expect(nobody).rejects.toThrow(UnroutableError);
      await tap.consumer.stop(0);
    });

    it('refuses to publish inside an action, whose events are returned', async () => {
      app = await appWith(AuraModule.forRoot(options({ actions: [] })));
      const publisher = app.get(AuraPublisher);
      const publish = async (): Promise<never> => {
        await publisher.publish({ type: 'com.example.thing.done.v1', data: 1 });
        throw new Error('it was published');
      };
      const { input, output, emits } = greet;
      const base = { name: 'loud', input, output, emits };
      const pure = markedAction({ ...base, kind: 'pure', run: publish });
      const stateful = markedAction({
        ...base,
        kind: 'stateful',
        resources: [],
        claim: publish,
        outcome: () => ({ output: { greeting: '' } }),
      });
      const foreign = markedAction({
        ...base,
        kind: 'stateful',
        run: publish,
        undo: { name: 'hush', run: publish },
      });
      const context = {} as never;
      if (pure.kind === 'stateful' || !('claim' in stateful) || !('run' in foreign))
        throw new Error('of another kind');
      if (foreign.kind !== 'stateful' || foreign.undo === undefined) throw new Error('of another kind');
      for (const inAction of [
        pure.run({ who: 'x' }, context),
        stateful.claim({ who: 'x' }, context),
        foreign.run({ who: 'x' }, context),
        foreign.undo.run({ input: { who: 'x' } }, context),
      ])
        await expect(inAction).rejects.toMatchObject({
          code: 'PUBLISHED_IN_ACTION',
          message: expect.stringContaining('loud publishes com.example.thing.done.v1'),
        });
      expect(stateful.outcome({ who: 'x' }, [], context)).toEqual({ output: { greeting: '' } });
      await expect(publish()).rejects.toThrow('it was published');
    });
  });
});
