import { startCoordinator } from '@aura/saga';
import type { CoordinatorOptions, CoordinatorPorts, RunningCoordinator } from '@aura/saga';
import type { SimulatedBus } from '../bus/simulated-bus';
import type { SimulatedProcess } from '../process/simulated-process';
import { ProcessHost } from './process-host';
import type { PortsOf, Premises } from './process-host';

/** The place of a coordinator's instance. */
export class CoordinatorHost extends ProcessHost<RunningCoordinator> {
  constructor(
    premises: Premises,
    instance: string,
    private readonly portsOf: PortsOf<CoordinatorPorts>,
    private readonly options: Partial<CoordinatorOptions>,
  ) {
    super(premises, instance);
  }

  protected start(process: SimulatedProcess, bus: SimulatedBus): Promise<RunningCoordinator> {
    return startCoordinator(this.portsOf(process, bus), { ...this.options, instance: this.instance });
  }
}
