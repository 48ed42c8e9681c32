import { startParticipant } from '@aura/workflow';
import type {
  ParticipantDefinition,
  ParticipantOptions,
  ParticipantPorts,
  RunningParticipant,
} from '@aura/workflow';
import type { SimulatedBus } from '../bus/simulated-bus';
import type { SimulatedProcess } from '../process/simulated-process';
import { ProcessHost } from './process-host';
import type { PortsOf, Premises } from './process-host';

/** The place of a participant's instance. */
export class ParticipantHost extends ProcessHost<RunningParticipant> {
  constructor(
    premises: Premises,
    readonly definition: ParticipantDefinition,
    private readonly portsOf: PortsOf<ParticipantPorts>,
    private readonly options: Partial<ParticipantOptions> & { readonly instance: string },
  ) {
    super(premises, options.instance);
  }

  protected start(process: SimulatedProcess, bus: SimulatedBus): Promise<RunningParticipant> {
    return startParticipant(this.definition, this.portsOf(process, bus), this.options);
  }
}
