import type { Chance } from '@aura/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { SERVICES } from '../e2e/installation';
import { flushRedis } from '../e2e/flush-redis';
import type { BreakableServer, BreakableServers } from './breakable-servers';
import type { Deed } from './fault-script';
import type { Fleet } from './fleet';
import type { Healing } from './healing';
import { LOAD_PARTICIPANTS } from './load-participants';

/** Names of the coordinators of a fault run. */
export const COORDINATORS: readonly [string, string] = ['one', 'two'];

/** Processes that are killed beside the coordinators. */
export const FLEET_SERVICES: readonly string[] = [...SERVICES, ...LOAD_PARTICIPANTS.map(({ name }) => name)];

/** How long a process stands still, ms: the broker has given it up by then, and the leases have run out. */
const ASLEEP_MS = { from: 25_000, to: 32_000 };
/** How long a coordinator sleeps at most until its partitions have moved, ms. */
const MOVED_WITHIN_MS = 75_000;
/** A server that is killed stays away at most so long, ms. */
const AWAY_MS = 2000;

/** What deeds are done to. */
export interface DeedParts {
  readonly fleet: Fleet;
  readonly servers: BreakableServers;
  readonly healing: Healing;
  readonly chance: Chance;
  /** Whether every partition is owned, and none by this coordinator. */
  readonly hasMoved: (coordinator: string) => Promise<boolean>;
  /** Whether processes are paused: it takes half a minute each time. */
  readonly pauses: boolean;
}

/** Everything that is done to an Aura on servers. */
export function deedsOf(parts: DeedParts): readonly Deed[] {
  const { servers } = parts;
  const kills = FLEET_SERVICES.map((name) => killOf(parts, name, [name]));
  const proxied: readonly BreakableServer[] = [servers.rabbitmq, servers.mongodb, servers.redis];
  return [
    ...kills,
    killOf(parts, 'coordinator', COORDINATORS),
    outageOf(parts, 'rabbitmq', (server) => server.stop()),
    outageOf(parts, 'mongodb', (server) => server.kill()),
    { kind: 'redis flushed', strike: () => flushRedis(servers.redis.url).then(() => true) },
    {
      kind: 'connections cut',
      strike: () => {
        proxied.forEach((server) => server.cut());
        return Promise.resolve(true);
      },
    },
    ...(parts.pauses ? [coordinatorPause(parts), servicePause(parts)] : []),
  ];
}

/** SIGKILL of one of some processes that are alike. */
function killOf({ fleet, healing, chance }: DeedParts, kind: string, names: readonly string[]): Deed {
  return {
    kind,
    strike: async () => {
      const up = names.filter((name) => fleet.isUp(name) && !healing.isUnderWay(watchOver(name)));
      if (up.length === 0) return false;
      await fleet.kill(chance.pick(up));
      return true;
    },
  };
}

/** A server that goes, and comes back a moment later with its data. */
function outageOf(
  { servers, healing, chance }: DeedParts,
  name: 'rabbitmq' | 'mongodb',
  end: (server: BreakableServer) => Promise<void>,
): Deed {
  return {
    kind: name,
    strike: async () => {
      if (healing.isUnderWay(name)) return false;
      const away = chance.below(AWAY_MS);
      healing.begin(name, async () => {
        await end(servers[name]);
        await delay(away);
        await servers[name].start();
      });
      return Promise.resolve(true);
    },
  };
}

/** A coordinator stands still until another one has all its partitions, and longer; then it wakes up as a zombie. */
function coordinatorPause(parts: DeedParts): Deed {
  const { fleet, healing, chance, hasMoved } = parts;
  return {
    kind: 'coordinator paused',
    perMille: 400,
    strike: () => {
      const isFree = COORDINATORS.every((name) => fleet.isUp(name) && !healing.isUnderWay(watchOver(name)));
      if (!isFree) return Promise.resolve(false);
      const name = chance.pick(COORDINATORS);
      const asleepMs = chance.between(ASLEEP_MS.from, ASLEEP_MS.to);
      fleet.sleep(name);
      // Who is to take over is not killed meanwhile.
      for (const other of COORDINATORS)
        healing.begin(watchOver(other), () => (other === name ? slept() : delay(asleepMs)));
      return Promise.resolve(true);

      async function slept(): Promise<void> {
        const since = performance.now();
        let isMoved = false;
        while (!isMoved || performance.now() - since < asleepMs) {
          if (performance.now() - since > MOVED_WITHIN_MS) break;
          await delay(500);
          isMoved ||= await hasMoved(name);
        }
        fleet.wake(name);
        if (!isMoved) throw new Error(`the partitions of ${name} had not moved within ${MOVED_WITHIN_MS} ms`);
      }
    },
  };
}

function servicePause({ fleet, healing, chance }: DeedParts): Deed {
  return {
    kind: 'service paused',
    perMille: 400,
    strike: () => {
      const up = FLEET_SERVICES.filter((name) => fleet.isUp(name));
      if (up.length === 0 || healing.isUnderWay('service paused')) return Promise.resolve(false);
      const name = chance.pick(up);
      const asleepMs = chance.between(ASLEEP_MS.from, ASLEEP_MS.to);
      fleet.sleep(name);
      healing.begin('service paused', async () => {
        await delay(asleepMs);
        fleet.wake(name);
      });
      return Promise.resolve(true);
    },
  };
}

function watchOver(coordinator: string): string {
  return `coordinator ${coordinator} asleep, or taking over`;
}
