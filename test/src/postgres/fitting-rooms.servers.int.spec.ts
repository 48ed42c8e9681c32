import { bookSlot } from '@aura/example-postgres';
import type { JsonValue } from '@aura/contracts';
import { startParticipant } from '@aura/workflow';
import type { Action, RunningParticipant } from '@aura/workflow';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { labParticipant } from '../lab/actions';
import { eventually } from '../lab/eventually';
import { Lab } from '../lab/lab';
import { mortal } from '../lab/mortal';
import { sleeper } from '../lab/sleeper';
import { Database } from './database';

const YAML = resolve(__dirname, '../../../examples/postgres/fitting_visit.yaml');
const actor = { subject: 'kim', roles: [] } as const;

jest.setTimeout(60_000);

describe('a service with a database of its own', () => {
  let database: Database;
  let lab: Lab;
  let places = 0;
  const living: RunningParticipant[] = [];

  /** Starts an instance of the service, which ends with the test. */
  async function join(action = bookSlot(database.operations)): Promise<RunningParticipant> {
    // One delivery in hand: whoever sleeps leaves all others to those that are awake.
    const running = await lab.join(labParticipant('fitting-rooms', [action]), { prefetch: 1 });
    living.push(running);
    return running;
  }
  afterEach(() => Promise.all(living.splice(0).map((running) => running.stop(1000))));

  beforeAll(async () => {
    database = await Database.open();
    lab = await Lab.open({ participants: [], definitions: [] });
    await join();
    await lab.publish(parse(readFileSync(YAML, 'utf8')) as JsonValue);
    await Promise.all(living.splice(0).map((running) => running.stop(1000)));
  }, 300_000);
  afterAll(async () => {
    await lab?.close();
    await database?.close();
  });

  /** Two slots of this test, and the wish for a visit in both. */
  async function visit(rooms: number, stylists: number) {
    const n = ++places;
    return {
      room: await database.slot(`room ${n}`, rooms),
      stylist: await database.slot(`stylist ${n}`, stylists),
    };
  }

  const free = async ({ room, stylist }: { readonly room: string; readonly stylist: string }) => [
    await database.free(room),
    await database.free(stylist),
  ];

  it('books both, once', async () => {
    await join();
    const input = await visit(2, 2);
    const saga = await lab.run('fitting_visit', input);
    expect(saga).toMatchObject({ status: 'completed', output: input });
    expect(await free(input)).toEqual([1, 1]);
    expect(await database.operationsOf(saga.sagaId)).toEqual(['room done', 'stylist done']);
  });

  it('frees the room again where no stylist is free', async () => {
    await join();
    const input = await visit(2, 0);
    const saga = await lab.run('fitting_visit', input);
    expect(saga).toMatchObject({ status: 'compensated', failedStep: 'stylist', error: { code: 'NO_PLACE' } });
    expect(await free(input)).toEqual([2, 0]);
    expect(await database.operationsOf(saga.sagaId)).toEqual(['room reversed']);
  });

  it('that dies behind its commit, and before Aura knows, books once when it is back', async () => {
    let saga = '';
    const dying = mortal(lab.runtime);
    const paused = sleeper(
      dying.runtime,
      ({ append }) => append?.stream === `step/${saga}/1/room` && append.operations.includes('end'),
    );
    const stores = await paused.runtime.stores('fitting-rooms');
    const definition = labParticipant('fitting-rooms', [bookSlot(database.operations)]);
    // Not by the lab, which would say goodbye to it at its end.
    await startParticipant(definition, { ...paused.runtime, ...stores }, { instance: 'fitting-rooms@dying' });
    const input = await visit(2, 2);
    saga = await lab.start('fitting_visit', input);
    await paused.asleep;
    expect(await free(input)).toEqual([1, 2]);
    await dying.die();
    await join();
    expect(await lab.until(saga)).toMatchObject({ status: 'completed' });
    expect(await free(input)).toEqual([1, 1]);
  });

  it('whose database is killed in the middle goes on when it is there again', async () => {
    await join();
    const input = await visit(2, 2);
    const letGo = await database.hold(input.room);
    const saga = await lab.start('fitting_visit', input);
    await eventually('the action waits for the row', async () =>
      (await database.waiting()) > 0 ? true : undefined,
    );
    await database.server.kill();
    await letGo();
    await database.server.start();
    expect(await lab.until(saga)).toMatchObject({ status: 'completed' });
    expect(await free(input)).toEqual([1, 1]);
  });

  it('that wakes up behind its undo changes nothing, at no moment', async () => {
    let reach = (): void => undefined;
    let wake = (): void => undefined;
    const reached = new Promise<void>((resolve) => (reach = resolve));
    const awake = new Promise<void>((resolve) => (wake = resolve));
    const action = bookSlot(database.operations);
    const slow = await join(
      pausedInRun(action, async () => {
        reach();
        await awake;
      }),
    );
    const input = await visit(2, 2);
    const saga = await lab.start('fitting_visit', input);
    await reached;
    await join();
    await lab.coordinator.cancel({ sagaId: saga, actor });
    expect(await lab.until(saga)).toMatchObject({ status: 'cancelled' });
    expect(await database.operationsOf(saga)).toEqual(['room void']);
    wake();
    await slow.stop(10_000);
    expect(await free(input)).toEqual([2, 2]);
    expect(await database.operationsOf(saga)).toEqual(['room void']);
  });
});

/** The action, whose process is paused right before it asks the database. */
function pausedInRun(action: Action, pause: () => Promise<void>): Action {
  if (!('run' in action)) throw new Error('only actions that run can be paused');
  return {
    ...action,
    run: async (input, context) => {
      await pause();
      return action.run(input, context);
    },
  };
}
