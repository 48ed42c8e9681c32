import type { CloudEvent, SagaStatus } from '@aura/contracts';
import type { Coordinator, MendRequest } from '@aura/saga';
import type { Chance } from '@aura/testing';
import { isPivot } from './definition-spec';
import type { StepSpec } from './definition-spec';
import { defaultOutput } from './step-output';
import type { SimulatedWorld } from './world';

type Command = 'cancel' | MendRequest['command'];

const ACTOR = { subject: 'operator', roles: [] } as const;
const MENDS: readonly Command[] = ['retry', 'skip', 'resolve', 'resume'];

/** What a saga looks like about which something can be done. */
const STATUSES: Readonly<Record<Command, readonly SagaStatus[]>> = {
  cancel: ['running', 'suspended'],
  retry: ['suspended', 'compensation_failed'],
  skip: ['compensation_failed'],
  resolve: ['compensation_failed'],
  resume: ['suspended'],
};

/** Of a thousand events just before what cannot be undone may begin: how many have somebody want the saga cancelled; and how soon, ms. */
const LAST_MOMENT_PER_MILLE = 150;
const LAST_MOMENT_MS = 400;

/** Everything that people do about sagas. */
export const OPERATIONS: readonly string[] = ['cancel', ...MENDS].map((command) => `operator: ${command}`);

type Resumption = Pick<MendRequest, 'output'>;

/** Whom operators see, and who hears of what came of it. */
export interface OperatorsView {
  /** Sagas that were accepted so far. */
  readonly sagas: () => readonly string[];
  /** Told of every command that was carried out. */
  readonly onDone: (phase: string) => void;
}

/** People who cancel, retry, skip, resolve and resume sagas at random, through whatever coordinator answers them. */
export class Operators {
  readonly #cancelled = new Set<string>();
  #until = 0;

  constructor(
    private readonly world: SimulatedWorld,
    private readonly chance: Chance,
    private readonly view: OperatorsView,
  ) {}

  /** Somebody wants a saga cancelled. */
  isToCancel(saga: string): void {
    this.#cancelled.add(saga);
  }

  /** Whether somebody wanted a saga cancelled; he may not have been answered. */
  wanted(saga: string): boolean {
    return this.#cancelled.has(saga);
  }

  /** Lets them work for a while, about once in `everyMs`. */
  begin(lastsMs: number, everyMs: number): void {
    const { timeline } = this.world.installation;
    this.#until = timeline.elapsed + lastsMs;
    for (let atMs = 0; atMs < lastsMs; atMs += 1 + this.chance.below(2 * everyMs))
      timeline.after(atMs, () => this.#act());
  }

  /** Told of every event that is published for the first time: those of the step that stands last before a pivot count. */
  onEvent({ correlationid: saga = '' }: CloudEvent, step: StepSpec | undefined): void {
    const { installation, sagas } = this.world;
    if (step === undefined || installation.timeline.elapsed >= this.#until) return;
    const { steps } = sagas.spec(saga) ?? { steps: [] };
    if (!steps.some((one) => isPivot(one) && one.dependencies.at(-1) === step.id)) return;
    if (!this.chance.hits(LAST_MOMENT_PER_MILLE)) return;
    installation.timeline.after(this.chance.below(LAST_MOMENT_MS), () => {
      if (this.#isFor(saga, 'cancel')) this.#tell(saga, 'cancel', this.chance.next());
    });
  }

  #act(): void {
    const roll = this.chance.next();
    const command = this.#choice();
    const sagas = command === undefined ? [] : this.#seenFor(command);
    const saga = sagas[roll % Math.max(1, sagas.length)];
    if (command !== undefined && saga !== undefined) this.#tell(saga, command, roll);
  }

  #tell(saga: string, command: Command, roll: number): void {
    this.#say(saga, command, roll).then(
      (isDone) => {
        if (isDone) this.view.onDone(`operator: ${command}`);
      },
      // Nobody answered; the next one who looks decides anew.
      () => undefined,
    );
  }

  /** Most people mend what waits for them; some cancel whatever they see. */
  #choice(): Command | undefined {
    const possible = MENDS.filter((command) => this.#seenFor(command).length > 0);
    if (possible.length > 0 && this.chance.hits(600)) return this.chance.pick(possible);
    return this.chance.hits(200) ? 'cancel' : undefined;
  }

  #seenFor(command: Command): readonly string[] {
    return this.view.sagas().filter((saga) => this.#isFor(saga, command));
  }

  /** People look at the view before they act, and it may be behind. */
  #isFor(saga: string, command: Command): boolean {
    const status = this.world.statusOf(saga);
    return status !== undefined && STATUSES[command].includes(status);
  }

  async #say(sagaId: string, command: Command, roll: number): Promise<boolean> {
    const up = this.world.installation.coordinators.filter(
      ({ isUp, process }) => isUp && process?.isPaused === false,
    );
    const coordinator = up[roll % Math.max(1, up.length)]?.running;
    if (coordinator === undefined) return false;
    if (command === 'cancel') {
      this.isToCancel(sagaId);
      return (await coordinator.cancel({ sagaId, actor: ACTOR })).ok;
    }
    const resumed = command === 'resume' ? await this.#resumption(sagaId, coordinator) : {};
    return (await coordinator.mend({ sagaId, command, actor: ACTOR, ...resumed })).ok;
  }

  /** What the step that suspended a saga would have made. */
  async #resumption(saga: string, coordinator: Pick<Coordinator, 'find'>): Promise<Resumption> {
    const { failedStep } = (await coordinator.find(saga)) ?? {};
    const { steps } = this.world.sagas.spec(saga) ?? { steps: [] };
    return { output: defaultOutput(steps.find(({ id }) => id === failedStep) ?? {}) };
  }
}
