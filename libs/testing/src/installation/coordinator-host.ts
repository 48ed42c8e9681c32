import { startCoordinator } from '@aura/saga';
import type { CoordinatorOptions, RunningCoordinator } from '@aura/saga';
import type { SimulatedBus } from '../bus/simulated-bus';
import type { SimulatedProcess } from '../process/simulated-process';
import type { Installation } from './installation';
import { ProcessHost } from './process-host';

/** The place of a coordinator's instance. */
export class CoordinatorHost extends ProcessHost<RunningCoordinator> {
  constructor(
    installation: Installation,
    instance: string,
    private readonly options: Partial<CoordinatorOptions>,
  ) {
    super(installation, instance);
  }

  protected start(process: SimulatedProcess, bus: SimulatedBus): Promise<RunningCoordinator> {
    const ports = this.installation.coordinatorPorts(process, bus);
    return startCoordinator(ports, { ...this.options, instance: this.instance });
  }
}
