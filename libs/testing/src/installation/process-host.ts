import type { SimulatedBroker } from '../bus/simulated-broker';
import { SimulatedBus } from '../bus/simulated-bus';
import { SimulatedProcess } from '../process/simulated-process';
import type { Surroundings } from '../process/simulated-process';

/** After this long without a heartbeat the broker takes a connection for lost, ms. */
const HEARTBEAT_MS = 10_000;
/** A process that could not start is started again after this, ms. */
const AGAIN_MS = 1000;

/** What runs in a process. */
export interface Running {
  stop(graceMs: number): Promise<void>;
}

/** Where processes run. */
export interface Premises {
  readonly broker: SimulatedBroker;
  readonly around: Surroundings;
}

/** What a process sees, made anew for each of its lives. */
export type PortsOf<P> = (process: SimulatedProcess, bus: SimulatedBus) => P;

/** The place of one instance: starts its process, and another one whenever that has died. */
export abstract class ProcessHost<R extends Running> {
  process: SimulatedProcess | undefined;
  bus: SimulatedBus | undefined;
  /** What runs, once it has started. */
  running: R | undefined;
  /** Lives so far. */
  lives = 0;
  #isDown = false;

  constructor(
    private readonly premises: Premises,
    readonly instance: string,
  ) {
    premises.around.timeline.after(0, () => this.#boot());
  }

  /** Whether it runs, awake or not. */
  get isUp(): boolean {
    return this.running !== undefined;
  }

  /** Kills the process; another one starts after `backInMs`. */
  crash(backInMs: number): void {
    this.process?.crash(backInMs);
  }

  /** Stops it in good order, and starts it again after `backInMs`; never, when that is not given. */
  async restart(graceMs: number, backInMs?: number): Promise<void> {
    const { running, process } = this;
    if (running === undefined || process === undefined) return;
    this.#isDown = backInMs === undefined;
    await running.stop(graceMs);
    if (!process.isDead) process.crash(backInMs ?? 0);
  }

  /** Starts what runs. */
  protected abstract start(process: SimulatedProcess, bus: SimulatedBus): Promise<R>;

  #boot(): void {
    if (this.#isDown) return;
    this.lives += 1;
    const { broker, around } = this.premises;
    const { timeline } = around;
    const process: SimulatedProcess = new SimulatedProcess(this.instance, around, {
      crashed: (backInMs) => this.#crashed(process, bus, backInMs),
      paused: () =>
        void timeline.after(HEARTBEAT_MS, () => {
          if (process.isPaused) bus.disconnect();
        }),
      resumed: () => bus.connect(),
    });
    const bus: SimulatedBus = new SimulatedBus(process, broker);
    this.process = process;
    this.bus = bus;
    around.trace?.(`${this.instance} starts, life ${this.lives}`);
    this.start(process, bus).then(
      (running) => {
        if (!process.isDead) this.running = running;
      },
      (error: unknown) => {
        around.trace?.(`${this.instance} cannot start: ${error instanceof Error ? error.message : 'error'}`);
        process.crash(AGAIN_MS);
      },
    );
  }

  #crashed(process: SimulatedProcess, bus: SimulatedBus, backInMs: number): void {
    bus.leave(true);
    if (this.process !== process) return;
    this.running = undefined;
    this.premises.around.timeline.after(backInMs, () => this.#boot());
  }
}
