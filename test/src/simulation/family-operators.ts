import { hasEnded } from '@aura/contracts';
import type { SagaStatus } from '@aura/contracts';
import type { Coordinator } from '@aura/saga';
import type { Chance } from '@aura/testing';
import { isBehind } from './definition-spec';
import type { StepSpec } from './definition-spec';
import type { SimulatedWorld } from './world';

/**
 * `cancel too late`: of a sub-saga that has completed, which is refused. `rerun beside`: from a step behind which
 * no transaction stands that has not ended, so that such a one keeps its run.
 */
type Command = 'cancel sub-saga' | 'cancel parent' | 'cancel too late' | 'rerun' | 'rerun beside';

const COMMANDS: readonly Command[] = [
  'cancel sub-saga',
  'cancel parent',
  'cancel too late',
  'rerun',
  'rerun',
  'rerun beside',
];
const ACTOR = { subject: 'operator', roles: [] } as const;

/** Somebody who finds no coordinator comes again after this, ms. */
const AGAIN_MS = 100;

/** Everything that people do about families and comes to something. */
export const FAMILY_OPERATIONS: readonly string[] = [
  'cancel sub-saga',
  'cancel parent',
  'rerun',
  'rerun beside',
].map((command) => `operator: ${command}`);

/** What operators see of sagas, and who hears of what came of it. */
export interface FamilyOperatorsView {
  /** Sagas that clients or events started and that were accepted so far. */
  readonly sagas: () => readonly string[];
  /** Told of a saga that is to be cancelled. */
  readonly onCancel: (saga: string) => void;
  /** Told of every command that was carried out. */
  readonly onDone: (phase: string) => void;
}

/** People who cancel sub-sagas and those that run them, and have sagas run again from a step, before a sub-saga or at it. */
export class FamilyOperators {
  constructor(
    private readonly world: SimulatedWorld,
    private readonly chance: Chance,
    private readonly view: FamilyOperatorsView,
  ) {}

  /** Lets them work for a while, about once in `everyMs`. */
  begin(lastsMs: number, everyMs: number): void {
    const { timeline } = this.world.installation;
    for (let atMs = 0; atMs < lastsMs; atMs += 1 + this.chance.below(2 * everyMs))
      timeline.after(atMs, () => this.#act());
  }

  /** Nobody is there to ask for most of a storm: whoever comes in vain comes again. */
  #act(): void {
    const { coordinators, timeline } = this.world.installation;
    const up = coordinators.filter(({ isUp, process }) => isUp && process?.isPaused === false);
    const command = this.chance.pick(COMMANDS);
    const roll = this.chance.next();
    const coordinator = up[roll % Math.max(1, up.length)]?.running;
    if (coordinator === undefined) return void timeline.after(AGAIN_MS, () => this.#act());
    const seen = this.#seenFor(command);
    const saga = seen[roll % Math.max(1, seen.length)];
    if (saga === undefined) return;
    this.#say(coordinator, command, saga, roll).then(
      (isDone) => {
        if (isDone) this.view.onDone(`operator: ${command}`);
      },
      // Nobody answered; the next one who looks decides anew.
      () => undefined,
    );
  }

  #seenFor(command: Command): readonly string[] {
    const { families } = this.world;
    switch (command) {
      case 'cancel sub-saga':
        return [...families.children].filter((saga) => this.#is(saga, isGoing));
      case 'cancel too late':
        return [...families.children].filter((saga) => this.#is(saga, (status) => status === 'completed'));
      case 'cancel parent':
        return this.view.sagas().filter((saga) => this.#is(saga, isGoing) && this.#isParent(saga));
      case 'rerun':
        return this.view.sagas().filter((saga) => this.#is(saga, mayRunAgain) && this.#isTried(saga));
      case 'rerun beside':
        return this.view
          .sagas()
          .filter((saga) => this.#is(saga, isSuspended) && this.#fromBeside(saga).length > 0);
    }
  }

  /** People look at the view before they act, and it may be behind. */
  #is(saga: string, isMeant: (status: SagaStatus) => boolean): boolean {
    const status = this.world.statusOf(saga);
    return status !== undefined && isMeant(status);
  }

  #isParent(saga: string): boolean {
    return (this.world.families.find(saga)?.begun.size ?? 0) > 0;
  }

  /** Mostly those with sub-sagas. */
  #isTried(saga: string): boolean {
    return this.#isParent(saga) || saga.endsWith('0');
  }

  async #say(coordinator: Coordinator, command: Command, sagaId: string, roll: number): Promise<boolean> {
    if (command === 'rerun') return this.#rerun(coordinator, sagaId, roll);
    if (command === 'rerun beside') return this.#rerunBeside(coordinator, sagaId, roll);
    if (command !== 'cancel too late') this.view.onCancel(sagaId);
    return (await coordinator.cancel({ sagaId, actor: ACTOR })).ok;
  }

  /** Of a saga with a transaction that has not ended, or not begun: the steps that are none, and have none behind them. */
  #fromBeside(saga: string): readonly StepSpec[] {
    const { steps } = this.world.sagas.spec(saga) ?? { steps: [] };
    const { ended } = this.world.sagas.find(saga) ?? {};
    const held = steps.filter(({ id, transaction }) => transaction !== undefined && ended?.has(id) === false);
    if (held.length === 0) return [];
    return steps.filter(({ id }) => held.every((one) => one.id !== id && !isBehind(steps, one, id)));
  }

  async #rerunBeside(coordinator: Coordinator, sagaId: string, roll: number): Promise<boolean> {
    const from = this.#fromBeside(sagaId);
    const step = from[roll % Math.max(1, from.length)];
    return step !== undefined && (await coordinator.rerun({ sagaId, from: step.id, actor: ACTOR })).ok;
  }

  async #rerun(coordinator: Coordinator, sagaId: string, roll: number): Promise<boolean> {
    const { steps } = this.world.sagas.spec(sagaId) ?? { steps: [] };
    const last = steps.findIndex(isSubSaga);
    const upTo = last < 0 ? steps.length : last + 1;
    const from = steps[roll % Math.max(1, upTo)]?.id;
    return from !== undefined && (await coordinator.rerun({ sagaId, from, actor: ACTOR })).ok;
  }
}

function isSubSaga({ saga }: StepSpec): boolean {
  return saga !== undefined;
}

function isGoing(status: SagaStatus): boolean {
  return status === 'running' || status === 'suspended';
}

/** What does not depend on the step that has failed goes on. */
function isSuspended(status: SagaStatus): boolean {
  return status === 'suspended';
}

function mayRunAgain(status: SagaStatus): boolean {
  return hasEnded(status) || status === 'suspended';
}
