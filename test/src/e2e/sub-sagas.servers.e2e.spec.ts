import { sagaIdOfChild, sagaStream } from '@aura/kernel';
import type { JsonValue } from '@aura/contracts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../lab/eventually';
import { auraCommand } from './aura-command';
import { closeAll } from './close-all';
import { Installation, untilActive } from './installation';
import type { CoordinatorChild } from './installation';
import { publishOnceOffered } from './publish-once-offered';

jest.setTimeout(180_000);

const night = { workflow: 'lab_night', input: { item: 'input.item', delayMs: 'input.delayMs' } };

/** A night counts, and looks; a trip has nights that are never enough; behind one night stands a word. */
const DEFINITIONS: Readonly<Record<string, JsonValue>> = {
  lab_night: definition('lab_night', [
    { id: 'count', action: 'lab-count', input: { delayMs: 0, item: 'input.item' } },
    { id: 'look', action: 'lab-look', dependencies: ['count'], input: { delayMs: 'input.delayMs' } },
  ]),
  lab_trip: definition('lab_trip', [
    {
      id: 'nights',
      type: 'saga',
      saga: { ...night, repeat: { until: 'output.look.value == "home"', max: 9 } },
    },
  ]),
  lab_overnight: definition('lab_overnight', [
    { id: 'night', type: 'saga', saga: night },
    { id: 'say', action: 'lab-say', dependencies: ['night'], input: { delayMs: 0, word: 'input.item' } },
  ]),
};

function definition(id: string, steps: readonly Readonly<Record<string, JsonValue>>[]): JsonValue {
  const properties = { item: { type: 'string' }, delayMs: { type: 'number' } };
  const input = { type: 'object', properties, required: ['item', 'delayMs'] };
  const named = steps.map((step) => ({ name: String(step['id']), ...step }));
  return {
    id,
    name: id,
    version: '1.0.0',
    input,
    timeout: '5m',
    example: { item: 'x', delayMs: 0 },
    steps: named,
  };
}

describe('sagas that run others as steps, on servers with two coordinators', () => {
  let installation: Installation;
  let cwd: string;
  const coordinators = new Map<string, CoordinatorChild>();

  beforeAll(async () => {
    installation = await Installation.open();
    cwd = mkdtempSync(join(tmpdir(), 'aura-sub-sagas-'));
    for (const name of ['one', 'two']) coordinators.set(name, await installation.coordinator(name));
    for (const name of ['lab-words', 'lab-watch', 'lab-ledger']) await installation.lab(name);
    for (const name of ['lab_night', 'lab_trip', 'lab_overnight']) {
      const text = JSON.stringify(DEFINITIONS[name]);
      await publishOnceOffered(client(), text, 'lab.json');
      await untilActive(client(), [name]);
    }
  }, 300_000);
  afterAll(
    () =>
      closeAll([
        () => installation?.close() ?? Promise.resolve(),
        () => Promise.resolve(rmSync(cwd, { recursive: true, force: true })),
      ]),
    60_000,
  );

  function coordinator(name: string): CoordinatorChild {
    const found = coordinators.get(name);
    if (found === undefined) throw new Error(`there is no coordinator ${name}`);
    return found;
  }
  const client = () => coordinator('one').client;
  const aura = (...args: readonly string[]) =>
    auraCommand(cwd, installation.environment)('--url', coordinator('one').url, ...args);

  /** The saga once it stands so. */
  async function until(
    saga: string,
    status: string,
  ): Promise<Awaited<ReturnType<ReturnType<typeof client>['get']>>> {
    return eventually(
      `${saga} is ${status}`,
      async () => {
        const found = await client()
          .get(saga)
          .catch(() => undefined);
        return found?.status === status ? found : undefined;
      },
      90_000,
    ).catch((error: unknown) => {
      throw new Error(installation.told(), { cause: error });
    });
  }

  const childOf = (saga: string, step: string, n = 1): string => sagaIdOfChild({ saga, run: 1, step }, n);

  /** What stands of an item at the ledger, folded from its journal. */
  async function counted(item: string): Promise<number> {
    const { journal } = await (await installation.inside()).stores('lab-ledger');
    const rows = await journal.read(`counter/${item}`);
    return rows
      .flatMap(({ body }) => Object.values((JSON.parse(body) as { changes: Record<string, number> }).changes))
      .reduce((sum, change) => sum + Number(change), 0);
  }

  /** Kills the coordinator that has a saga's partition, and starts it again at its address. */
  async function killOwner(saga: string): Promise<void> {
    const inside = await installation.inside();
    const { journal } = await inside.stores('coordinator');
    const partition = (await journal.read(sagaStream(saga)))[0]?.partition ?? 0;
    const lease = (await inside.leases.list('partition/')).find(
      ({ name }) => name === `partition/${partition}`,
    );
    const name = lease?.owner.replace('coordinator@', '') ?? '';
    const { process, url } = coordinator(name);
    await process.kill();
    coordinators.set(name, await installation.coordinator(name, Number(new URL(url).port)));
  }

  /** Trace of a saga, as its first row has it. */
  async function traceOf(saga: string): Promise<string | undefined> {
    const { journal } = await (await installation.inside()).stores('coordinator');
    const [first] = await journal.read(sagaStream(saga));
    return /"traceparent":"00-([0-9a-f]{32})-/.exec(first?.body ?? '')?.[1];
  }

  it('go on when the coordinator is killed as the sub-saga ends, each effect once, in one trace', async () => {
    const { sagaId: trip } = await client().start('lab_overnight', { item: 'night', delayMs: 500 });
    const child = childOf(trip, 'night');
    const { journal } = await (await installation.inside()).stores('coordinator');
    await eventually('the sub-saga has ended in its journal', async () =>
      (await journal.read(sagaStream(child))).some(({ body }) => body.includes('"kind":"ended"'))
        ? true
        : undefined,
    );
    await killOwner(trip);
    expect(await until(trip, 'completed')).toMatchObject({
      steps: [{ status: 'completed', subSagas: [child] }, { status: 'completed' }],
    });
    expect(await until(child, 'completed')).toMatchObject({
      parent: { saga: trip, step: 'night', iteration: 1 },
    });
    expect(await counted('night')).toBe(1);
    const trace = await traceOf(trip);
    expect(trace).toMatch(/^[0-9a-f]{32}$/);
    expect(await traceOf(child)).toBe(trace);
  });

  it('are cancelled with the sub-saga in mid-flight, and those before it undone, the last one first', async () => {
    const { sagaId: trip } = await client().start('lab_trip', { item: 'trip', delayMs: 6000 });
    const [first, second, third] = [1, 2, 3].map((n) => childOf(trip, 'nights', n)) as [
      string,
      string,
      string,
    ];
    await until(third, 'running');
    await eventually('the third has counted', async () => ((await counted('trip')) === 3 ? true : undefined));
    expect((await client().get(trip)).waitingFor).toContain(
      `the sub-saga ${third} (lab_night 1.0.0, 3 of at most 9) of step nights`,
    );
    await client().cancel(trip, { reason: 'no time' });
    await killOwner(trip);
    await until(trip, 'cancelled');
    const ends = await Promise.all([
      until(third, 'cancelled'),
      until(second, 'compensated'),
      until(first, 'compensated'),
    ]);
    const times = ends.map(({ endedAt = '' }) => endedAt);
    expect([...times].sort()).toEqual(times);
    expect(await counted('trip')).toBe(0);
    const shown = await aura('sagas', 'show', trip);
    expect(shown.code).toBe(0);
    for (const told of ['cancelled', 'no time', first, second, third]) expect(shown.out).toContain(told);
    expect(await aura('sagas', 'show', third)).toMatchObject({
      code: 0,
      out: expect.stringContaining(trip) as string,
    });
    expect(await aura('why', third)).toMatchObject({
      code: 0,
      out: expect.stringContaining(`because saga ${trip} cancelled it`) as string,
    });
  });
});
