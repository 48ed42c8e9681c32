import { startParticipant } from '@aura/workflow';
import type { ParticipantDefinition, ParticipantOptions, RunningParticipant } from '@aura/workflow';
import type { SimulatedBus } from '../bus/simulated-bus';
import type { SimulatedProcess } from '../process/simulated-process';
import type { Installation } from './installation';
import { ProcessHost } from './process-host';

/** The place of a participant's instance. */
export class ParticipantHost extends ProcessHost<RunningParticipant> {
  constructor(
    installation: Installation,
    readonly definition: ParticipantDefinition,
    instance: string,
    private readonly options: Partial<ParticipantOptions>,
  ) {
    super(installation, instance);
  }

  protected start(process: SimulatedProcess, bus: SimulatedBus): Promise<RunningParticipant> {
    const ports = this.installation.participantPorts(process, bus, this.definition.name);
    return startParticipant(this.definition, ports, { ...this.options, instance: this.instance });
  }
}
