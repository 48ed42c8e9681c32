import type { Cancel, World } from '@aura/kernel';
import type { GroupCommit } from '../store/group-commit';
import type { DelayedMessage, DelayedTable } from './delayed-table';

/** Messages that come due in one transaction at most. */
const STEP = 500;
/** How soon it is tried again when the file refused. */
const AGAIN_MS = 1000;

/** Messages that wait for their time: they stand in the file, one timer waits for the first of them. */
export class Delays {
  #armedFor = Infinity;
  #cancel: Cancel | undefined;
  #isClosed = false;

  constructor(
    private readonly commits: GroupCommit,
    private readonly table: DelayedTable,
    private readonly world: World,
    private readonly release: (message: DelayedMessage) => void,
  ) {
    this.#arm(table.nextDue());
  }

  /** Stores a message for later, `delayMs` whole and not negative; used inside a transaction. A rollback leaves a timer that finds nothing. */
  add(message: Omit<DelayedMessage, 'due'>, delayMs: number): void {
    const due = this.world.clock.now() + delayMs;
    this.table.insert({ ...message, due });
    this.#arm(due);
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  #arm(due: number | undefined): void {
    if (due === undefined || due >= this.#armedFor || this.#isClosed) return;
    this.#cancel?.();
    this.#armedFor = due;
    this.#cancel = this.world.scheduler.after(Math.max(0, due - this.world.clock.now()), this.#fire);
  }

  readonly #fire = (): void => {
    const fired = this.commits.run(() => {
      for (const message of this.table.takeDue(this.world.clock.now(), STEP)) this.release(message);
      return this.table.nextDue();
    });
    fired.then(
      (next) => this.#rearm(next),
      () => this.#rearm(this.world.clock.now() + AGAIN_MS),
    );
  };

  #rearm(due: number | undefined): void {
    this.#armedFor = Infinity;
    this.#arm(due);
  }
}
