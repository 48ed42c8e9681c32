import { isAuraError, StoreUnavailableError } from '@aura/kernel';
import type { RunningCoordinator } from '@aura/saga';
import type { CoordinatorHost } from '../installation/coordinator-host';
import type { Installation } from '../installation/installation';

/** How long a client waits for an answer, ms of virtual time. */
const PATIENCE_MS = 10 * 60_000;
/** Wait before a client asks again, ms. */
const AGAIN_MS = 500;

/** A client outside: asks some coordinator, and asks again when that dies or cannot answer. */
export class Client {
  constructor(private readonly installation: Installation) {}

  /** Asks until there is an answer. Errors: whatever is not worth another try. */
  async ask<T>(question: (coordinator: RunningCoordinator) => Promise<T>): Promise<T> {
    const { installation } = this;
    const end = installation.timeline.elapsed + PATIENCE_MS;
    while (installation.timeline.elapsed < end) {
      const answer = await this.#askOnce(question);
      if (answer !== undefined) return answer.value;
      await installation.timeline.advance(AGAIN_MS);
    }
    throw new Error(`no coordinator answered within ${PATIENCE_MS} ms of virtual time`);
  }

  async #askOnce<T>(
    question: (coordinator: RunningCoordinator) => Promise<T>,
  ): Promise<{ readonly value: T } | undefined> {
    const { installation } = this;
    const host = installation.coordinators.find(({ isUp, process }) => isUp && process?.isPaused === false);
    if (host?.running === undefined) return undefined;
    const asked = new Answer(question(host.running));
    await installation.timeline.advance(0);
    await installation.until(() => asked.isOver || isLost(host, asked.of(host)), PATIENCE_MS);
    return asked.worth();
  }
}

function isLost(host: CoordinatorHost, life: number): boolean {
  return host.lives !== life || host.process?.isDead === true;
}

class Answer<T> {
  isOver = false;
  #value: { readonly value: T } | undefined;
  #error: unknown;
  #life: number | undefined;

  constructor(promise: Promise<T>) {
    promise.then(
      (value) => this.#settle(() => (this.#value = { value })),
      (error: unknown) => this.#settle(() => (this.#error = error)),
    );
  }

  /** The host's life at the first look. */
  of(host: CoordinatorHost): number {
    return (this.#life ??= host.lives);
  }

  /** The value; undefined when it is worth asking again. */
  worth(): { readonly value: T } | undefined {
    const error = this.#error;
    if (error === undefined || error instanceof StoreUnavailableError) return this.#value;
    throw isAuraError(error) || error instanceof Error ? error : new Error(String(error));
  }

  #settle(take: () => void): void {
    take();
    this.isOver = true;
  }
}
