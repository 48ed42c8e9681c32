import { deadLetterRecorded } from '@aura/contracts';
import { COORDINATOR_SOURCE } from '@aura/messaging';
import type { Message } from '../bus/message';
import type { Roads, Way } from '../bus/simulated-broker';
import { Chance } from '../time/chance';
import { WITH_RETRY } from './fault';
import type { Effect, Fault, Faults } from './fault';
import { canStrike, EFFECT_FAULTS } from './fault-names';
import type { EffectFault, FaultName, WayFault } from './fault-names';
import { isOfTransaction, phaseOf } from './phase';

/** A fault that struck: at the n-th effect, or the n-th copy on its way. */
export type Strike =
  | { readonly at: 'effect'; readonly n: number; readonly name: EffectFault; readonly fault: Fault }
  | { readonly at: 'way'; readonly n: number; readonly name: WayFault; readonly way: Way };

/** Told of every fault that strikes. */
export type OnStrike = (strike: Strike, phase: string, process: string, subject: string) => void;

/** A part of the work that a simulation knows better than an effect tells: its phase, and faults per thousand effects there. */
export interface Scene {
  readonly phase: string;
  readonly perMille: number;
}

/** What a plan is made of. */
export interface FaultPlanOptions {
  readonly seed: string;
  readonly names: ReadonlySet<FaultName>;
  /** Faults per thousand effects; default 15. */
  readonly perMille?: number;
  /** The scene of an effect, where it is a special one. */
  readonly sceneOf?: (effect: Effect, subject: string) => Scene | undefined;
  /** Only these strike, instead of what the seed would bring. */
  readonly only?: readonly Strike[];
  readonly onStrike?: OnStrike;
}

const NAMES: readonly EffectFault[] = [
  'crash',
  'pause',
  'refused',
  'unknown',
  'partial',
  'late',
  'confirm',
  'ack',
];
/** Effects that are so rare that a fault at them must be likelier, per mille. */
const RARE: ReadonlyMap<Effect, number> = new Map<Effect, number>([
  ['journal.snapshot', 500],
  ['leases.write', 45],
  ['leases.read', 12],
  ['bus.declare', 20],
  ['bus.consume', 60],
  ['registry.read', 20],
  ['registry.write', 90],
  ['bus.depth', 45],
  ['joins.drop', 20],
  ['views.read', 12],
  ['inbox.seen', 30],
]);
/** Rows that are so rare, by the last word of what is said of them, per mille. */
const RARE_ROWS: ReadonlyMap<string, number> = new Map([
  ['start', 25],
  ['claim', 30],
  ['fence', 100],
  ['answer', 100],
]);
/** Rows of transactions in a thousand that are struck, and those by which a branch is committed. */
const TRANSACTIONS_PER_MILLE = 20;
const COMMITS_PER_MILLE = 50;
/** Publications in a thousand that are struck of those that hold a retry and what came of another reaction. */
const WITH_RETRY_PER_MILLE = 600;
/** Messages in a thousand that take a detour, come twice or, where that may be, never. */
const WAYS_PER_MILLE = 6;
const WAY_FAULTS: readonly WayFault[] = ['duplicate', 'reorder', 'lost'];
/** Beginning of the CloudEvents source of every participant. */
const PARTICIPANT_SOURCES = '/aura/';
/** Of queues, by their kind: those to which few messages come, and the one where it shows that a message came late, twice or not at all. */
const RARE_WAYS: ReadonlyMap<string, number> = new Map([
  ['tracker', 15],
  ['coordinator', 40],
  ['ingress', 20],
]);

/** Faults by chance, or those of a list: both are the same in every run. Strikes only while it is `on`. */
export class FaultPlan implements Faults, Roads {
  isOn = true;
  readonly #chance: Chance;
  readonly #onStrike: OnStrike;
  readonly #names: readonly EffectFault[];
  readonly #listed: ReadonlyMap<string, Strike> | undefined;
  #effects = 0;
  #ways = 0;

  constructor(private readonly options: FaultPlanOptions) {
    this.#chance = new Chance(`${options.seed}/faults`);
    this.#onStrike = options.onStrike ?? (() => undefined);
    this.#names = NAMES.filter((name) => options.names.has(name));
    this.#listed = options.only && new Map(options.only.map((strike) => [`${strike.at}${strike.n}`, strike]));
  }

  at(process: string, effect: Effect, subject: string): Fault | undefined {
    this.#effects += 1;
    if (!this.isOn) return undefined;
    const scene = this.options.sceneOf?.(effect, subject);
    const strike = this.#strikeAt(effect, scene?.perMille ?? this.#likelihood(effect, subject));
    if (strike === undefined) return undefined;
    this.#onStrike(strike, scene?.phase ?? phaseOf(process, effect, subject), process, subject);
    return strike.fault;
  }

  #strikeAt(effect: Effect, perMille: number): Extract<Strike, { readonly at: 'effect' }> | undefined {
    const strike =
      this.#listed === undefined ? this.#roll(effect, perMille) : this.#listed.get(`effect${this.#effects}`);
    return strike?.at === 'effect' && canStrike(strike.name, effect) ? strike : undefined;
  }

  way(queue: string, message: Message): Way | undefined {
    this.#ways += 1;
    if (!this.isOn) return undefined;
    const strike =
      this.#listed === undefined ? this.#stray(queue, message) : this.#listed.get(`way${this.#ways}`);
    if (strike?.at !== 'way') return undefined;
    this.#onStrike(strike, queuePhase(queue), 'broker', message.name);
    return strike.way;
  }

  #likelihood(effect: Effect, subject: string): number {
    const { perMille = 15 } = this.options;
    if (subject.endsWith(WITH_RETRY)) return WITH_RETRY_PER_MILLE;
    if (effect !== 'journal.append') return RARE.get(effect) ?? perMille;
    if (isOfTransaction(subject))
      return subject.endsWith(' end') ? COMMITS_PER_MILLE : TRANSACTIONS_PER_MILLE;
    return RARE_ROWS.get(subject.slice(subject.lastIndexOf(' ') + 1)) ?? perMille;
  }

  #roll(effect: Effect, perMille: number): Strike | undefined {
    if (!this.#chance.hits(perMille)) return undefined;
    const possible = this.#names.filter((name) => canStrike(name, effect));
    const total = possible.reduce((sum, name) => sum + EFFECT_FAULTS[name].weight, 0);
    if (total === 0) return undefined;
    let left = this.#chance.below(total);
    const name = possible.find((one) => (left -= EFFECT_FAULTS[one].weight) < 0) ?? 'late';
    const kind = this.#chance.pick(EFFECT_FAULTS[name].kinds);
    const fault = { kind, ms: this.#duration(name), mask: this.#chance.next() };
    return { at: 'effect', n: this.#effects, name, fault };
  }

  #stray(queue: string, message: Message): Strike | undefined {
    const kind = kindOf(queue);
    if (!this.#chance.hits(RARE_WAYS.get(kind) ?? WAYS_PER_MILLE)) return undefined;
    const possible = WAY_FAULTS.filter(
      (name) => name !== 'lost' || (kind === 'tracker' && isToldAgain(message)),
    );
    const name = this.#chance.pick(possible);
    if (!this.options.names.has(name)) return undefined;
    return { at: 'way', n: this.#ways, name, way: this.#wayOf(name) };
  }

  #wayOf(name: WayFault): Way {
    if (name === 'lost') return { detourMs: 0, isLost: true };
    const ms = this.#chance.hits(100) ? this.#chance.between(1000, 8000) : this.#chance.between(1, 60);
    if (name === 'reorder') return { detourMs: ms };
    return { detourMs: 0, doubleMs: this.#chance.hits(300) ? 0 : ms };
  }

  /** Milliseconds: mostly short, now and then long. */
  #duration(name: EffectFault): number {
    // Whoever is away is not struck: few are for long.
    const isLong = this.#chance.hits(30);
    switch (name) {
      case 'crash':
        return isLong ? this.#chance.between(3000, 15_000) : this.#chance.between(20, 500);
      case 'pause':
        return isLong ? this.#chance.between(10_000, 30_000) : this.#chance.between(50, 500);
      case 'late':
        return isLong ? this.#chance.between(200, 3000) : this.#chance.between(1, 60);
      default:
        return 0;
    }
  }
}

/** What a participant says of a step, and says again when it is asked. */
function isToldAgain({ event }: Message): boolean {
  return (
    event?.aurastep !== undefined &&
    event.source.startsWith(PARTICIPANT_SOURCES) &&
    !event.source.startsWith(COORDINATOR_SOURCE) &&
    event.type !== deadLetterRecorded.type
  );
}

function queuePhase(queue: string): string {
  return `queue: ${kindOf(queue)}`;
}

/** E.g. `tracker` of `aura.tracker.3`. */
function kindOf(queue: string): string {
  return queue.split('.')[1] ?? queue;
}
