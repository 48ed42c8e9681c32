import { RareWarning, trackerQueue } from '@aura/messaging';
import type { Cancel, ViewStore } from '@aura/kernel';
import type { StartRefusal } from '../coordinator';
import type { CoordinatorOptions, CoordinatorPorts } from './ports';
import { brokerAway } from './start-refusals';
import type { SagaViewField } from './saga-view';

/** How often the load is measured, ms. */
const MEASURE_MS = 1000;

/**
 * Work in flight always has room to end: new starts are refused while too many sagas are open, the tracker lags or the
 * broker asks publishers to wait.
 */
export class Admission {
  private open = 0;
  private lag = 0;
  private wasFull = false;
  private onChange: (isFull: boolean) => void = () => undefined;
  private cancel: Cancel = () => undefined;
  private isStopping = false;
  private measuring: Promise<void> = Promise.resolve();
  private readonly warning: RareWarning;

  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly options: CoordinatorOptions,
    private readonly views: ViewStore<SagaViewField>,
    private readonly owned: () => readonly number[],
  ) {
    const { world, log } = ports;
    this.warning = new RareWarning(world, (error) => log.warn('the load could not be measured', { error }));
  }

  /** Measures at once, and then every second; `onChange` hears of every change between room and no room. */
  start(onChange: (isFull: boolean) => void): void {
    this.onChange = onChange;
    this.measureIn(0);
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    this.cancel();
    await this.measuring;
  }

  /** Sagas in flight, and events waiting in the fullest tracker queue of this instance, as last measured. */
  measured(): { readonly open: number; readonly lag: number } {
    return { open: this.open, lag: this.lag };
  }

  /** Counts a start until the next measurement. */
  opened(): void {
    this.open += 1;
  }

  /** Why a start is refused now; undefined when there is room. */
  refusal(): StartRefusal | undefined {
    const { status, reason = 'no reason given' } = this.ports.bus.health();
    // Publishing would wait for it longer than a client does, with the saga open meanwhile.
    if (status === 'down') return brokerAway(reason);
    const why = this.reason();
    if (why === undefined) return undefined;
    return {
      code: 'OVERLOADED',
      message: `no new saga is taken now: ${why}`,
      help: 'Try again after the time given; sagas in flight are being finished first.',
      retryAfterMs: 2000,
    };
  }

  private measureIn(delayMs: number): void {
    if (this.isStopping) return;
    this.cancel = this.ports.world.scheduler.after(delayMs, () => {
      this.measuring = this.measure()
        .then(
          () => this.warning.worked(),
          (error: unknown) => this.warning.failed(error),
        )
        .finally(() => this.measureIn(MEASURE_MS));
    });
  }

  private reason(): string | undefined {
    const { mostOpenSagas, mostTrackerLag } = this.options;
    const health = this.ports.bus.health();
    if (health.status === 'blocked')
      return `the broker asks publishers to wait (${health.reason ?? 'no reason given'})`;
    if (this.open > mostOpenSagas) return `${this.open} sagas are open, the limit is ${mostOpenSagas}`;
    if (this.lag > mostTrackerLag)
      return `${this.lag} events wait to be tracked, the limit is ${mostTrackerLag}`;
    return undefined;
  }

  private async measure(): Promise<void> {
    this.open = await this.views.count([{ field: 'inFlight', op: 'eq', value: 1 }]);
    this.lag = await this.fullest(this.owned().map(trackerQueue));
    const isFull = this.reason() !== undefined;
    if (isFull !== this.wasFull) this.onChange(isFull);
    this.wasFull = isFull;
  }

  /** Deliveries in the fullest of these queues; one that cannot be measured hides no other. As it was, where none can. */
  private async fullest(queues: readonly string[]): Promise<number> {
    const answers = await Promise.allSettled(queues.map((queue) => this.ports.bus.depth(queue)));
    const depths = answers.flatMap((answer, n) => {
      if (answer.status === 'fulfilled') return [answer.value];
      this.ports.log.warn(`how much waits in ${String(queues[n])} could not be measured`, {
        error: answer.reason as unknown,
      });
      return [];
    });
    return depths.length === 0 && queues.length > 0 ? this.lag : Math.max(0, ...depths);
  }
}
