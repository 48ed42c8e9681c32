import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessState } from './process-state';
import type { ServiceProgram } from './service-programs';
import { SupervisedProcess } from './supervised-process';

/** How processes are started together. */
export interface SupervisorOptions {
  readonly programs: readonly ServiceProgram[];
  /** What every process gets. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Port of the coordinator; the services take those before it. 0: any free ones. */
  readonly port: number;
  /** Folder of the logs, `<service>.log`; made when it is not there. */
  readonly logs: string;
  /** Gets how all stand whenever one of them changes. */
  readonly changed: (states: readonly ProcessState[]) => void;
}

/** Several processes that are kept alive: one that dies is started again, after a pause that grows with every death. */
export class Supervisor {
  private readonly processes: readonly SupervisedProcess[];

  constructor(options: SupervisorOptions) {
    const { programs, env, port, logs } = options;
    mkdirSync(logs, { recursive: true });
    // The same in every life of a process: a coordinator that is back under its name has its leases at once.
    const run = randomUUID().slice(0, 8);
    const changed = (): void => options.changed(this.states());
    this.processes = programs.map(({ name, script, portBeside }) => {
      const own = { PORT: String(portBeside(port)), AURA_INSTANCE: `${name}-${run}` };
      const logFile = join(logs, `${name}.log`);
      return new SupervisedProcess({ name, script, logFile, env: { ...env, ...own } }, changed);
    });
  }

  /** Resolves when all are up. Errors: the first refusal; those that have started stay until {@link stop}. */
  async start(): Promise<void> {
    await Promise.all(this.processes.map((one) => one.start()));
  }

  states(): readonly ProcessState[] {
    return this.processes.map(({ state }) => state);
  }

  /** Stops the coordinator behind the services, all in good order. */
  async stop(): Promise<void> {
    const services = this.processes.slice(0, -1);
    await Promise.all(services.map((one) => one.stop()));
    await this.processes.at(-1)?.stop();
  }
}
