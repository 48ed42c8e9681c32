import type { Chance } from '../time/chance';
import type { When } from './scenario';
import type { Stage } from './stage';

const BY_TEST = { subject: 'test', roles: [] } as const;
/** Who gets no answer asks again after this, ms. */
const AGAIN_MS = 3000;

/** What is started; nobody does anything about it afterwards. */
export type Wish = Omit<When, 'afterwards'>;

/** Starts sagas while things go wrong: each is asked for with its key, again and again, until somebody says yes. */
export class Wishes {
  readonly #accepted = new Map<number, string>();
  #wanted = 0;

  constructor(
    private readonly stage: Stage,
    private readonly chance: Chance,
    private readonly when: readonly Wish[],
  ) {}

  /** Ids of the sagas that were accepted, in the order in which they were wanted. */
  get accepted(): readonly string[] {
    return [...this.#accepted].sort(([left], [right]) => left - right).map(([, saga]) => saga);
  }

  /** Whether every wish was accepted, and its saga has ended or waits for a person. */
  get isSettled(): boolean {
    if (this.#accepted.size < this.#wanted) return false;
    return [...this.#accepted.values()].every((saga) => this.stage.isSettled(saga));
  }

  /** Asks for so many sagas, spread over a time. */
  begin(count: number, withinMs: number): void {
    this.#wanted = count;
    for (let n = 0; n < count; n++) {
      const wish = this.chance.pick(this.when);
      const atMs = this.chance.below(withinMs);
      this.stage.installation.timeline.after(atMs, () => this.#ask(n, wish));
    }
  }

  #ask(n: number, wish: Wish): void {
    if (this.#accepted.has(n)) return;
    const { coordinators, timeline } = this.stage.installation;
    timeline.after(AGAIN_MS, () => this.#ask(n, wish));
    const up = coordinators.filter(({ isUp, process }) => isUp && process?.isPaused === false);
    const host = up[n % Math.max(1, up.length)];
    const { input = {}, ...rest } = wish;
    host?.running?.start({ ...rest, input, actor: BY_TEST, idempotencyKey: `wish-${n}` }).then(
      (started) => {
        if (started.ok) this.#accepted.set(n, started.value.sagaId);
      },
      // Nobody answered; the wish is told again anyway, with the same key.
      () => undefined,
    );
  }
}
