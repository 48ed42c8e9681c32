import { combinationEngineParticipant } from '@aura/combination-engine';
import { startCoordinatorProcess } from '@aura/coordinator';
import { imageProcessingParticipant } from '@aura/image-processing';
import { openEmbeddedRuntime } from '@aura/nest';
import type { AuraRuntime } from '@aura/nest';
import { nluParticipant } from '@aura/nlu';
import { recommendationEngineParticipant } from '@aura/recommendation-engine';
import { styleProfileParticipant } from '@aura/style-profile';
import { startParticipant } from '@aura/workflow';
import type { ParticipantDefinition, RunningParticipant } from '@aura/workflow';
import { LOAD_PARTICIPANTS } from './load-participants';

/** Time for what is in hand when the host stops, ms. */
const GRACE_MS = 5000;

/** Everything of a fault run in one process. */
export interface FaultsHost {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts coordinator, the five services and the participants of fault runs on one folder. */
export async function startFaultsHost(
  dataDir: string,
  port: number,
  log: (line: string) => void,
): Promise<FaultsHost> {
  const runtime = await openEmbeddedRuntime({ dataDir, log });
  const door = await startCoordinatorProcess(runtime, { port, log });
  const running: RunningParticipant[] = [];
  for (const participant of await participantsOn(runtime)) running.push(await startOn(runtime, participant));
  return {
    url: door.url,
    stop: async () => {
      await Promise.all(running.map((participant) => participant.stop(GRACE_MS)));
      await door.stop();
      await runtime.close();
    },
  };
}

async function participantsOn({ stores, world }: AuraRuntime): Promise<readonly ParticipantDefinition[]> {
  const { journal } = await stores('style-profile');
  return [
    imageProcessingParticipant(),
    nluParticipant(),
    styleProfileParticipant({ journal, clock: world.clock }),
    combinationEngineParticipant(),
    recommendationEngineParticipant(),
    ...LOAD_PARTICIPANTS,
  ];
}

async function startOn(
  runtime: AuraRuntime,
  participant: ParticipantDefinition,
): Promise<RunningParticipant> {
  const { bus, claims, world, log } = runtime;
  const stores = await runtime.stores(participant.name);
  const ports = { ...stores, bus, claims, world, log };
  return startParticipant(participant, ports, { instance: `${participant.name}@host` });
}
