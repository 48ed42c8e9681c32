import { startCoordinatorProcess } from '@aura/coordinator';
import { openEmbeddedRuntime } from '@aura/nest';
import type { AuraRuntime } from '@aura/nest';
import { startParticipant } from '@aura/workflow';
import type { RunningParticipant } from '@aura/workflow';
import { eventually } from '../lab/eventually';
import { LAB_DEFINITIONS } from './lab-definitions';
import { LAB_PARTICIPANTS } from './lab-participants';

const BY_LAB = { subject: 'lab', roles: [] } as const;
/** Time for what is in hand when the host stops, ms. */
const GRACE_MS = 2000;

/** The lab in one process, on one folder. */
export interface LabHost {
  readonly url: string;
  readonly runtime: AuraRuntime;
  stop(): Promise<void>;
}

/** Starts coordinator and participants of the lab on a folder, and waits until its definitions are active. */
export async function startLabHost(
  dataDir: string,
  port: number,
  log: (line: string) => void,
): Promise<LabHost> {
  const runtime = await openEmbeddedRuntime({ dataDir, log });
  const door = await startCoordinatorProcess(runtime, { port, log });
  const participants: RunningParticipant[] = [];
  for (const definition of LAB_PARTICIPANTS) {
    const { bus, claims, world, log: lines } = runtime;
    const ports = { ...(await runtime.stores(definition.name)), bus, claims, world, log: lines };
    participants.push(await startParticipant(definition, ports, { instance: `${definition.name}@host` }));
  }
  for (const definition of LAB_DEFINITIONS)
    await eventually('the definition is active', async () => {
      const { coordinator } = door;
      const published = await coordinator.publishDefinition(JSON.stringify(definition), 'lab.json', BY_LAB);
      return published.ok && published.value.status === 'active' ? true : undefined;
    });
  return {
    url: door.url,
    runtime,
    stop: async () => {
      await Promise.all(participants.map((participant) => participant.stop(GRACE_MS)));
      await door.stop();
      await runtime.close();
    },
  };
}
