import type { Cancel, Scheduler } from '@aura/kernel';
import type { Unit } from './unit';

/** How long a suspect has the process for itself: what kills slower than that is charged with its neighbours. */
const ALONE_MS = 1000;

/**
 * The time in which one suspect has the whole process for itself. All services of an embedded process die together,
 * so whatever is in hand beside the message that kills would be charged with its return as well.
 */
export class Quarantine {
  #suspect: Unit | undefined;
  #cancel: Cancel | undefined;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly onEnd: () => void,
  ) {}

  get isHeld(): boolean {
    return this.#suspect !== undefined;
  }

  /** A suspect is handed out. */
  begin(suspect: Unit): void {
    this.#suspect = suspect;
    this.#cancel = this.scheduler.after(ALONE_MS, () => this.end(suspect));
  }

  /** A suspect is settled or came back; another one than the one in quarantine changes nothing. */
  end(suspect: Unit): void {
    if (this.#suspect !== suspect) return;
    this.close();
    this.onEnd();
  }

  /** Ends it without a word. */
  close(): void {
    this.#cancel?.();
    this.#suspect = undefined;
  }
}
