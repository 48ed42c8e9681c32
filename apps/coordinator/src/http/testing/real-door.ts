import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HealthAnswer } from '@aura/contracts';
import { BusinessError } from '@aura/kernel';
import { openEmbeddedRuntime, type AuraRuntime } from '@aura/nest';
import { startCoordinator, type RunningCoordinator } from '@aura/saga';
import { defineAction, startParticipant, type ParticipantDefinition } from '@aura/workflow';
import { z } from 'zod';
import { createHttpApp } from '../http-app';
import { httpModule } from '../http-module';
import { listen } from '../listen';

/** The HTTP door of a real coordinator, with one participant, on one embedded file. */
export interface RealDoor {
  readonly url: string;
  readonly runtime: AuraRuntime;
  readonly coordinator: RunningCoordinator;
  close(): Promise<void>;
}

/** Says hello, and to nobody no. */
const greeter: ParticipantDefinition = {
  name: 'greeter',
  version: '1.0.0',
  actions: [
    defineAction({
      name: 'greet',
      kind: 'pure',
      input: z.object({ who: z.string() }),
      output: z.object({ text: z.string() }),
      emits: 'ai.aura.greeted.v1',
      run: ({ who }) => {
        if (who !== 'nobody') return { output: { text: `Hello, ${who}!` } };
        throw new BusinessError('nobody is not greeted', { code: 'NOBODY', help: 'Name somebody.' });
      },
    }),
  ],
};

/** A definition of two steps that greets twice. */
export const GREETING = `id: greeting
name: Greeting
version: 1.0.0
input:
  type: object
  properties:
    who: { type: string }
  required: [who]
  additionalProperties: false
steps:
  - id: first
    name: First
    action: greet
    input: { who: input.who }
  - id: second
    name: Second
    action: greet
    dependencies: [first]
    input: { who: steps.first.output.text }
output: { text: steps.second.output.text }
example: { who: World }
`;

/** Opens a real door on a free port, in a folder of its own. */
export async function openRealDoor(): Promise<RealDoor> {
  const folder = await mkdtemp(join(tmpdir(), 'aura-door-'));
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const runtime = await openEmbeddedRuntime({ dataDir: folder, log });
  const { bus, leases, world, claims } = runtime;
  const ports = { bus, leases, world, claims, log: runtime.log };
  const coordinator = await startCoordinator(
    { ...(await runtime.stores('coordinator')), ...ports },
    { instance: 'coordinator@door' },
  );
  const health = (): HealthAnswer => ({
    status: 'ok',
    version: '0.1.0',
    instance: runtime.instance,
    mode: runtime.mode,
    bus: bus.health().status,
    reasons: [],
    participants: [...coordinator.participants()],
  });
  const app = await createHttpApp(httpModule({ coordinator, claims, health, log }), { log });
  const url = await listen(app, { port: 0, log });
  const participant = await startParticipant(
    greeter,
    { ...(await runtime.stores('greeter')), ...ports },
    { instance: 'greeter@door' },
  );
  const close = async (): Promise<void> => {
    await app.close();
    await participant.stop(1000);
    await coordinator.stop();
    await runtime.close();
    await rm(folder, { recursive: true });
  };
  return { url, runtime, coordinator, close };
}
