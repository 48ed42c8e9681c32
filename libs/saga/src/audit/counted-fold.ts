import type { JsonValue } from '@aura/contracts';
import { membersOf } from './row-json';

const ON_HAND = ['received', 'returned'] as const;
const OF_A_HOLD = ['held', 'released', 'spent', 'unspent'] as const;

/** A change of something that is counted, as its journal has it. */
export type CountedChange = { readonly amount: number; readonly unit: string | null } & (
  | { readonly kind: (typeof ON_HAND)[number] }
  | { readonly kind: (typeof OF_A_HOLD)[number]; readonly hold: string }
);

/** Reads a change; undefined when it is of something that is not counted. */
export function countedChange(change: JsonValue): CountedChange | undefined {
  const { kind, amount, unit, hold } = membersOf(change);
  if (!isAmount(amount)) return undefined;
  if (typeof unit !== 'string' && unit !== null) return undefined;
  const onHand = ON_HAND.find((known) => known === kind);
  if (onHand !== undefined) return { kind: onHand, amount, unit };
  const ofHold = OF_A_HOLD.find((known) => known === kind);
  return ofHold === undefined || typeof hold !== 'string' ? undefined : { kind: ofHold, amount, unit, hold };
}

function isAmount(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Adds up one resource from its changes alone, apart from the fold that its participant decides by. */
export class CountedFold {
  unit: string | undefined;
  received = 0;
  spent = 0;
  held = 0;
  private readonly holds = new Map<string, number>();

  get onHand(): number {
    return this.received - this.spent - this.held;
  }

  /** Adds a change; answers what is wrong with it. */
  add(change: CountedChange): string | undefined {
    if (change.unit !== null) this.unit ??= change.unit;
    if (change.unit !== null && change.unit !== this.unit)
      return `${change.kind} ${change.amount} ${change.unit}, but it is counted in ${this.unit}`;
    this.apply(change);
    return this.belowNothing();
  }

  private apply(change: CountedChange): void {
    switch (change.kind) {
      case 'received':
        this.received += change.amount;
        break;
      case 'returned':
        this.received -= change.amount;
        break;
      case 'held':
        this.move(change.hold, change.amount);
        break;
      case 'released':
        this.move(change.hold, -this.taken(change));
        break;
      case 'spent': {
        const taken = this.taken(change);
        this.move(change.hold, -taken);
        this.spent += taken;
        break;
      }
      case 'unspent':
        this.move(change.hold, change.amount);
        this.spent -= change.amount;
        break;
    }
  }

  /** Of a hold no more is taken than it has: what was spent stays spent when the hold is undone behind it. */
  private taken({ hold, amount: most }: { readonly hold: string; readonly amount: number }): number {
    return Math.min(most, this.holds.get(hold) ?? 0);
  }

  private move(hold: string, more: number): void {
    const held = (this.holds.get(hold) ?? 0) + more;
    this.held += more;
    if (held === 0) this.holds.delete(hold);
    else this.holds.set(hold, held);
  }

  private belowNothing(): string | undefined {
    const { onHand, spent, received, held } = this;
    if (onHand >= 0 && spent >= 0) return undefined;
    return `below nothing: received ${received}, held ${held}, spent ${spent}, so that ${onHand} are on hand`;
  }
}
