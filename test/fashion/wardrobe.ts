import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { combinationEngineParticipant } from '@aura/combination-engine';
import { recommendationEngineParticipant } from '@aura/recommendation-engine';
import { styleProfileParticipant } from '@aura/style-profile';
import type { Given, When } from '@aura/testing';
import { Ground } from '../src/ground/ground';

/** The three services that hold a look, and what ada and the stock have before something is reserved. */
export class Wardrobe {
  private constructor(
    private readonly ground: Ground,
    private readonly participants: Given['participants'],
  ) {}

  static async open(): Promise<Wardrobe> {
    const ground = await Ground.open();
    const { embedded, world } = ground;
    return new Wardrobe(ground, [
      styleProfileParticipant({ journal: embedded.journal('style-profile'), clock: world.clock }),
      combinationEngineParticipant(),
      recommendationEngineParticipant(),
    ]);
  }

  close(): Promise<void> {
    return this.ground.close();
  }

  /** These workflows beside those that fill account and stock, and the sagas that have run. */
  given(workflows: readonly string[], sagas: readonly When[]): Given {
    return {
      definitions: ['fund_account', 'stock_wardrobe', ...workflows].map(definition),
      participants: this.participants,
      sagas,
    };
  }
}

/** Gives money to the account of ada. */
export function fund(amountCents: number, currency = 'EUR'): When {
  return { workflow: 'fund_account', input: { userId: 'ada', amountCents, currency } };
}

/** Units of pieces come in. */
export function takeIn(...items: readonly (readonly [string, number])[]): When {
  return { workflow: 'stock_wardrobe', input: { items: items.map(([id, units]) => ({ id, units })) } };
}

function definition(name: string): string {
  return readFileSync(join(__dirname, `../../contracts/workflows/${name}.yaml`), 'utf8');
}
