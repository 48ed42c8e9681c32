import { ownServer } from '@aura/servers';
import type { OwnServer } from '@aura/servers';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../lab/eventually';
import { audit, PARTITIONS, sagasIn } from './audit';
import type { Journals } from './audit';
import { closeAll } from './close-all';
import { flushRedis } from './flush-redis';
import { Flight, LAB_WORKFLOWS, untilEnded } from './flight';
import { Installation, untilActive } from './installation';
import type { CoordinatorChild } from './installation';
import { LAB_DEFINITIONS } from './lab-definitions';
import { LAB_PARTICIPANTS } from './lab-participants';
import { publishOnceOffered } from './publish-once-offered';
import type { Spawned } from './spawned';

/** Every step takes so long, so that something is always in the middle, ms. */
const STEP_MS = 400;
/** Sagas that are started before each kill, by a client that insists and by one that does not. */
const SAGAS_A_KILL = 6;
/** A standby has taken over everything within this time of its owner's end, ms. */
const TAKEOVER_MS = 15_000;
/** How long a process stands still before it wakes up as a zombie, ms: the broker has given it up long before. */
const STANDSTILL_MS = 25_000;
/** Before this time a join that lacks an arrival is not looked after, ms. */
const JOIN_LAG_MS = 2000;

jest.setTimeout(300_000);

describe('processes on servers that die or stand still in the middle of sagas', () => {
  let redis: OwnServer;
  let aura: Installation;
  let one: CoordinatorChild;
  let journals: Journals;
  const services = new Map<string, Spawned>();
  /** All that was started here so far: each test audits also what those before it left behind. */
  const flights: Flight[] = [];

  beforeAll(async () => {
    redis = await ownServer('redis');
    aura = await Installation.open({ redis: redis.url });
    one = await aura.coordinator('one');
    for (const { name } of LAB_PARTICIPANTS) services.set(name, await aura.lab(name));
    for (const definition of LAB_DEFINITIONS)
      await publishOnceOffered(one.client, JSON.stringify(definition), 'lab.json');
    await untilActive(one.client, LAB_WORKFLOWS);
    const { stores } = await aura.inside();
    journals = {
      coordinator: (await stores('coordinator')).journal,
      ledger: (await stores('lab-ledger')).journal,
    };
  }, 300_000);

  afterAll(() => closeAll([() => aura?.close(), () => redis?.remove()]), 60_000);

  function flight(by: CoordinatorChild = one): Flight {
    const begun = new Flight(by.client);
    flights.push(begun);
    return begun;
  }

  /** Waits until whatever was begun has ended, and finds nothing lost and nothing twice. */
  async function expectExact(withinMs: number): Promise<void> {
    await untilEnded(one.client, await sagasIn(journals.coordinator), withinMs).catch((error: unknown) => {
      throw new Error(aura.told(), { cause: error });
    });
    const acknowledged = flights.flatMap(({ started }) => started);
    expect(await audit(one.client, journals, acknowledged)).toEqual([]);
  }

  async function untilHeld(by: string, count: number, withinMs: number): Promise<void> {
    const { leases, world } = await aura.inside();
    const look = async (): Promise<true | undefined> => {
      const now = world.clock.now();
      const all = await leases.list('partition/');
      const own = all.filter(({ owner, until }) => owner === `coordinator@${by}` && until > now);
      return own.length === count ? true : undefined;
    };
    await eventually(`${by} holds ${count} partitions`, look, withinMs);
  }

  async function kill(name: string): Promise<void> {
    await (name === 'coordinator' ? one.process : services.get(name))?.kill();
  }

  async function again(name: string): Promise<void> {
    if (name === 'coordinator') one = await aura.coordinator('one', Number(new URL(one.url).port));
    else services.set(name, await aura.lab(name));
  }

  it('kill -9 of each kind, again and again: nothing is lost, nothing happens twice', async () => {
    const kinds = ['coordinator', 'lab-words', 'lab-watch', 'lab-ledger'];
    const sagas = flight();
    for (let round = 0; round < 4 * kinds.length; round++) {
      const name = kinds[round % kinds.length] ?? '';
      const launching = sagas.launch(SAGAS_A_KILL, STEP_MS);
      // Another moment of the sagas' life each time, from the start request to the middle of a step.
      await delay(((round * 137) % 1000) + 5);
      const once = Array.from({ length: SAGAS_A_KILL }, () => sagas.startOnce('lab_chain', STEP_MS));
      await delay(round);
      await kill(name);
      await again(name);
      await Promise.all([launching, ...once]);
    }
    await expectExact(60_000);
  });

  it('Redis is emptied while joins wait: what had arrived is sent again from the journal', async () => {
    const sagas = flight();
    for (let flush = 0; flush < 3; flush++) {
      const waiting = await Promise.all(Array.from({ length: 5 }, () => sagas.start('lab_join', STEP_MS)));
      // The quick branch of each join has arrived, the slow ones have not.
      await delay(STEP_MS / 2);
      await flushRedis(redis.url);
      await untilEnded(one.client, waiting, 20_000);
      for (const saga of waiting)
        expect((await one.client.get(saga)).durationMs).toBeGreaterThan(JOIN_LAG_MS);
    }
    await expectExact(30_000);
  });

  it('all connections to the broker are cut: whatever was in hand comes back, and nothing happens twice', async () => {
    const sagas = flight();
    for (let cut = 0; cut < 4; cut++) {
      await sagas.launch(SAGAS_A_KILL, STEP_MS);
      await delay(cut * 150);
      await aura.broker.cut();
    }
    await sagas.launch(SAGAS_A_KILL, STEP_MS);
    await expectExact(40_000);
  });

  describe('with a standby coordinator', () => {
    let two: CoordinatorChild;

    beforeAll(async () => {
      two = await aura.coordinator('two');
      await untilHeld('two', PARTITIONS / 2, 30_000);
    }, 60_000);

    it('takes over within 15 s of a SIGKILL', async () => {
      const sagas = flight();
      await sagas.launch(12, STEP_MS);
      await one.process.kill();
      await untilHeld('two', PARTITIONS, TAKEOVER_MS);
      await again('coordinator');
      await untilHeld('one', PARTITIONS / 2, 30_000);
      await expectExact(30_000);
    });

    it('loses no start of a coordinator that dies and is back under its name at once', async () => {
      const sagas = flight();
      for (let round = 0; round < 5; round++) {
        const starts = Array.from({ length: 24 }, () => sagas.startOnce('lab_chain', 0));
        await delay(5 + round * 5);
        await kill('coordinator');
        await again('coordinator');
        await Promise.all(starts);
      }
      await expectExact(30_000);
    });

    it('takes over within 15 s of a SIGSTOP; who wakes up behind that does no harm', async () => {
      const sagas = flight();
      const ledger = services.get('lab-ledger');
      const other = await aura.lab('lab-ledger');
      await sagas.launch(12, STEP_MS);
      await delay(STEP_MS * 1.5);
      const stoppedAt = performance.now();
      const asleep = [one.process, ledger];
      asleep.forEach((child) => child?.pause());
      await untilHeld('two', PARTITIONS, TAKEOVER_MS);
      const meanwhile = flight(two);
      await meanwhile.launch(12, STEP_MS);
      await meanwhile.landed(30_000);
      await delay(Math.max(0, STANDSTILL_MS - (performance.now() - stoppedAt)));
      asleep.forEach((child) => child?.resume());
      await sagas.launch(12, STEP_MS);
      await untilHeld('one', PARTITIONS / 2, 30_000);
      await sagas.launch(12, STEP_MS);
      await expectExact(30_000);
      expect(await other.stop()).toEqual({ code: 0, signal: null });
    });

    it('ends every process in good order at SIGTERM; what was under way goes on with the next', async () => {
      const sagas = flight();
      await sagas.launch(9, STEP_MS);
      await delay(STEP_MS / 2);
      const live = [one.process, two.process, ...services.values()];
      const endings = await Promise.all(live.map((child) => child.stop()));
      expect(endings).toEqual(live.map(() => ({ code: 0, signal: null })));
      await Promise.all(['coordinator', ...services.keys()].map((name) => again(name)));
      await expectExact(40_000);
    });
  });
});
