import { systemWorld } from '@aura/embedded';
import type { Log, Meter } from '@aura/kernel';
import { NO_METER, UnsafeSetupError } from '@aura/kernel';
import { ObservedBus, payloadBus } from '@aura/messaging';
import { joinAura, socketAddress } from '@aura/socket';
import type { JoinOptions, SocketAddress } from '@aura/socket';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { asLog } from '../line-log';
import type { WriteLine } from '../line-log';
import type { Dependency } from '../health/dependency';
import type { AuraRuntime } from './runtime';

/** The part of a run file that says where to join. */
const runRecord = z.object({ door: socketAddress.optional(), ground: z.string().optional() });

/** How a process joins an embedded Aura that runs. */
export interface JoinedRuntimeOptions extends Omit<JoinOptions, 'locate'> {
  /** File in which that Aura says where it is; read again before each attempt, as it is elsewhere after a restart. */
  readonly runFile: string;
  readonly instance?: string;
  readonly log: Log | WriteLine;
  /** Default: nobody counts. */
  readonly meter?: Meter;
}

/**
 * Joins the embedded Aura of a run file: its bus, and stores of the participant's own in its data folder. Waits for it
 * to appear, by default 30 s, and the log says so. Errors: as `joinAura`.
 */
export async function openJoinedRuntime(options: JoinedRuntimeOptions): Promise<AuraRuntime> {
  const { runFile, instance, log: given, meter = NO_METER, ...settings } = options;
  const log = asLog(given);
  const { locate, rejoins } = locating(runFile, log);
  const joined = await joinAura({ ...settings, locate });
  rejoins();
  // A question that it answers from its data: it is there, and works.
  const dependency: Dependency = {
    name: 'aura',
    check: async () => void (await joined.leases.list('health')),
  };
  const world = systemWorld();
  const bus = new ObservedBus(joined.bus, { system: 'aura', clock: world.clock, meter });
  return {
    mode: 'embedded',
    instance: instance ?? `${hostname()}-${process.pid}`,
    bus: payloadBus(bus, joined.claims),
    leases: joined.leases,
    claims: joined.claims,
    world,
    log,
    meter,
    dependencies: () => [dependency],
    stores: (service) =>
      Promise.resolve({
        journal: joined.journal(service),
        views: joined.views(service),
        fast: joined.fast(service),
      }),
    close: () => joined.close(),
  };
}

/**
 * Asks the run file where to join, and tells once what stands in the way. From `rejoins` on that is also an Aura that cannot
 * be joined: at the start it ends the process, later somebody must be told that the process waits in vain.
 */
function locating(
  runFile: string,
  log: Log,
): { readonly locate: JoinOptions['locate']; readonly rejoins: () => void } {
  let told: string | undefined;
  let isAgain = false;
  const tell = (obstacle: string | undefined): void => {
    if (obstacle !== undefined && obstacle !== told) log.warn(obstacle);
    told = obstacle;
  };
  const locate = (): SocketAddress | undefined => {
    try {
      const address = doorOf(runFile);
      tell(address === undefined ? `waiting for an Aura that announces itself in ${runFile}` : undefined);
      return address;
    } catch (error) {
      if (isAgain && error instanceof UnsafeSetupError) tell(`${error.message}; ${error.help}`);
      throw error;
    }
  };
  return { locate, rejoins: () => void (isAgain = true) };
}

/** Undefined while nobody is announced there. Errors: `UnsafeSetupError` when who is announced cannot be joined. */
function doorOf(runFile: string): SocketAddress | undefined {
  let text: string;
  try {
    text = readFileSync(runFile, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const { data } = runRecord.safeParse(jsonOf(text));
  if (data?.door === undefined) throw notJoinable(runFile, data?.ground);
  return data.door;
}

function notJoinable(runFile: string, ground: string | undefined): UnsafeSetupError {
  if (ground === 'servers')
    return new UnsafeSetupError(
      `the Aura in ${runFile} runs on servers and is not joined by a socket`,
      'Start this service again: it finds the servers.env beside that file, or the three AURA_*_URL of its environment.',
    );
  return new UnsafeSetupError(
    `${runFile} names no Aura that can be joined by a socket`,
    'Name the run.json of an embedded Aura (aura up). One on servers is joined by the three AURA_*_URL.',
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: it announces nobody, which the caller says.
    return undefined;
  }
}
