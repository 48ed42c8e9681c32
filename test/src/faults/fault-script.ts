import type { Chance } from '@aura/testing';
import { setTimeout as delay } from 'node:timers/promises';
import type { Lookout } from './lookout';

/** Something that can be done to an Aura that runs. */
export interface Deed {
  /** What it strikes, for the count. */
  readonly kind: string;
  /** In how many of a thousand rounds it comes; default all. */
  readonly perMille?: number;
  /** Strikes; what heals it goes on in the background, under {@link Healing}. False: it cannot be struck now. */
  strike(): Promise<boolean>;
}

/** Events behind which something strikes, each a moment of its own in the life of a saga. */
const POINTS: readonly string[] = [
  'ai.aura.saga.started.v1',
  'ai.aura.image.analysed.v1',
  'ai.aura.query.understood.v1',
  'ai.aura.style.profiled.v1',
  'ai.aura.outfits.combined.v1',
  'faults.till.held.v1',
  'lab.till-take.done.v1',
  'ai.aura.recommendations.made.v1',
  'lab.gate-settle.done.v1',
  'ai.aura.step.failed.v1',
  'ai.aura.saga.compensating.v1',
  'ai.aura.saga.compensated.v1',
  'ai.aura.saga.completed.v1',
];
/** Without such an event it strikes all the same behind this, ms: broken things bring no events. */
const WAIT_FOR_POINT_MS = 2500;
/** And then at most so much later, ms. */
const JITTER_MS = 40;

/** What a script needs. */
export interface ScriptParts {
  readonly chance: Chance;
  readonly lookout: Lookout;
  readonly deeds: readonly Deed[];
  /** Pause between two strikes at most, ms. */
  readonly pauseMs: number;
  readonly say: (line: string) => void;
}

/** Strikes in rounds: in each every deed once, in an order of chance, behind an event that chance chose. */
export class FaultScript {
  private readonly counts: Record<string, number> = {};
  private round: Deed[] = [];

  constructor(private readonly parts: ScriptParts) {}

  /** How often what was struck. */
  get struck(): Readonly<Record<string, number>> {
    return this.counts;
  }

  /** Strikes for so long. */
  async run(forMs: number): Promise<void> {
    const { chance, lookout, pauseMs, say } = this.parts;
    for (const since = performance.now(); performance.now() - since < forMs;) {
      const deed = this.next();
      const point = chance.pick(POINTS);
      const isSeen = (await lookout.next(point, WAIT_FOR_POINT_MS)) !== undefined;
      await delay(chance.below(JITTER_MS));
      if (await deed.strike()) {
        this.counts[deed.kind] = (this.counts[deed.kind] ?? 0) + 1;
        say(`${deed.kind} ${isSeen ? `behind ${point}` : `(no ${point} was seen)`}`);
      } else this.round.splice(chance.below(this.round.length + 1), 0, deed);
      await delay(chance.below(pauseMs));
    }
  }

  private next(): Deed {
    const { chance, deeds } = this.parts;
    while (this.round.length === 0) {
      this.round = deeds.filter(({ perMille = 1000 }) => chance.hits(perMille));
      for (let n = this.round.length - 1; n > 0; n--) this.swap(n, chance.below(n + 1));
    }
    const [deed] = this.round.splice(-1);
    if (deed === undefined) throw new RangeError('a script needs deeds');
    return deed;
  }

  private swap(a: number, b: number): void {
    const [one, other] = [this.round[a], this.round[b]];
    if (one === undefined || other === undefined) return;
    this.round[a] = other;
    this.round[b] = one;
  }
}
