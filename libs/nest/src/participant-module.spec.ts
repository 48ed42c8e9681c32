import 'reflect-metadata';
import { defineAction } from '@aura/workflow';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { openEmbeddedRuntime } from './runtime/embedded-runtime';
import { participantModule } from './participant-module';
import type { AuraRuntime } from './runtime/runtime';
import { runtimeModule } from './runtime/runtime-module';

const greet = defineAction({
  name: 'greet',
  kind: 'pure',
  input: z.object({}),
  output: z.object({}),
  emits: 'test.greeted.v1',
  run: () => ({ output: {} }),
});

@Module({})
class TestModule {}

describe('a participant as a Nest module', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aura-nest-'));
  let runtime: AuraRuntime;

  beforeAll(async () => {
    runtime = await openEmbeddedRuntime({ dataDir: folder, log: () => undefined });
  });

  afterAll(async () => {
    await runtime.close();
    rmSync(folder, { recursive: true });
  });

  it('consumes from its start to its end, two of them in one application', async () => {
    const modules = ['one', 'two'].map((name) =>
      participantModule({
        name,
        participant: () => ({ name, version: '1.0.0', actions: [{ ...greet, name: `${name}-greet` }] }),
      }),
    );
    const app = await NestFactory.createApplicationContext(
      { module: TestModule, imports: [runtimeModule(runtime), ...modules] },
      { logger: false, abortOnError: false },
    );
    expect(await runtime.bus.depth('aura.participant.one')).toBe(0);
    expect(await runtime.bus.depth('aura.coordinator')).toBe(2);
    await app.close();
    expect(await runtime.bus.depth('aura.coordinator')).toBe(4);
  });

  it('keeps the application from starting when it cannot start', async () => {
    const broken = participantModule({
      name: 'broken',
      participant: () => {
        throw new Error('no such thing');
      },
    });
    const starting = NestFactory.createApplicationContext(
      { module: TestModule, imports: [runtimeModule(runtime), broken] },
      { logger: false, abortOnError: false },
    );
    await expect(starting).rejects.toThrow('no such thing');
  });
});
