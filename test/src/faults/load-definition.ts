import type { JsonValue } from '@aura/contracts';

/** Name of the workflow of {@link LOAD_DEFINITION}. */
export const ORDER = 'faults_order';
/** CloudEvent type that starts an order. */
export const ORDER_PLACED = 'com.example.faults.order.placed.v1';

/** What an order wants. */
export interface Order {
  readonly [name: string]: JsonValue;
  /** Digest of a picture. */
  readonly image: string;
  readonly customer: string;
  /** What the customer pays. */
  readonly amount: number;
  readonly item: string;
  /** How long the slow steps take, ms. */
  readonly delayMs: number;
  /** Whether the last step refuses it. */
  readonly fails: boolean;
}

const text = { type: 'string' };
const number = { type: 'number' };

/**
 * A chain through all five services that pays and takes stock in the middle, behind which everything can still fail:
 *
 *     analyse ─────┐
 *                  ├─▶ profile ─▶ combine ─▶ hold ─▶ take ─▶ recommend ─▶ settle
 *     understand ──┘
 *
 * Started by HTTP, and by a CloudEvent.
 */
export const LOAD_DEFINITION: JsonValue = {
  id: ORDER,
  name: 'Order of a fault run',
  version: '1.0.0',
  triggers: [{ on: ORDER_PLACED, input: 'event.data' }],
  input: {
    type: 'object',
    properties: {
      ...{ image: text, customer: text, item: text, amount: number, delayMs: number },
      fails: { type: 'boolean' },
    },
    required: ['image', 'customer', 'item', 'amount', 'delayMs', 'fails'],
  },
  timeout: '30m',
  steps: [
    { id: 'analyse', action: 'analyse-image', timeout: '1m', input: { image: 'input.image' } },
    { id: 'understand', action: 'understand-query', input: {} },
    {
      id: 'profile',
      action: 'profile-style',
      dependencies: ['analyse', 'understand'],
      input: {
        userId: 'input.customer',
        palette: 'steps.analyse.output.palette',
        brightness: 'steps.analyse.output.brightness',
        contrast: 'steps.analyse.output.contrast',
        saturation: 'steps.analyse.output.saturation',
        warmth: 'steps.analyse.output.warmth',
        query: 'steps.understand.output',
      },
    },
    {
      id: 'combine',
      action: 'combine-outfits',
      dependencies: ['profile'],
      input: { profile: 'steps.profile.output', query: 'steps.understand.output' },
    },
    {
      id: 'hold',
      action: 'till-hold',
      dependencies: ['combine'],
      input: { customer: 'input.customer', amount: 'input.amount', delayMs: 'input.delayMs' },
    },
    { id: 'take', action: 'till-take', dependencies: ['hold'], input: { item: 'input.item', amount: 1 } },
    {
      id: 'recommend',
      action: 'make-recommendations',
      dependencies: ['take'],
      input: {
        profile: 'steps.profile.output',
        outfits: 'steps.combine.output.outfits',
        query: 'steps.understand.output',
      },
    },
    {
      id: 'settle',
      action: 'gate-settle',
      dependencies: ['recommend'],
      input: { fails: 'input.fails', delayMs: 'input.delayMs' },
    },
  ],
  output: { settled: 'steps.settle.output.value' },
};

/** Effects that stand when an order has completed, by step: how many resources each changed. */
export const EFFECTS_OF_ORDER: Readonly<Record<string, number>> = { hold: 2, take: 1 };
