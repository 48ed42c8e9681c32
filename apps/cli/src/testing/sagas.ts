import type { DefinitionSummary, FashionAnalysis, SagaDetail, StepDetail } from '@aura/client';

const START = Date.parse('2026-01-05T08:00:00.000Z');

/** A time of the sample saga, `ms` after its start. */
export function at(ms: number): string {
  return new Date(START + ms).toISOString();
}

/** A definition as Aura lists it. */
export function definition(more: Partial<DefinitionSummary> = {}): DefinitionSummary {
  return {
    id: 'greet',
    name: 'Greet',
    version: '1.0.0',
    digest: 'sha256:0',
    status: 'active',
    waitsFor: [],
    description: 'Says hello.',
    steps: 2,
    example: { who: 'example' },
    ...more,
  };
}

/** A step as Aura shows it. */
export function step(id: string, more: Partial<StepDetail> = {}): StepDetail {
  const own = { id, name: id, action: 'greet', participant: 'greeter', run: 1, epoch: 1, attempts: 1 };
  return { ...own, status: 'completed', startedAt: at(0), endedAt: at(40), ...more };
}

/** A saga as Aura shows it. */
export function saga(more: Partial<SagaDetail> = {}): SagaDetail {
  return {
    sagaId: 's-1',
    workflow: 'greet',
    version: '1.0.0',
    status: 'completed',
    run: 1,
    input: {},
    output: { greeting: 'hello' },
    startedAt: at(0),
    endedAt: at(1234),
    durationMs: 1234,
    steps: [step('say'), step('shout_out', { startedAt: at(40), endedAt: at(1234) })],
    sequence: 4,
    ...more,
  };
}

/** A saga that brought nothing forth. */
export function sagaWithoutOutput(more: Partial<SagaDetail>): SagaDetail {
  const { output, ...rest } = saga(more);
  return output === undefined ? saga(more) : rest;
}

/** The frames of the sample saga's feed. */
export function feed(...entries: readonly (readonly [status: string, step?: string])[]): string {
  return entries
    .map(([status, id], index) => {
      const type = id === undefined ? `ai.aura.saga.${status}.v1` : 'ai.aura.said.v1';
      const entry = {
        sequence: index + 1,
        type,
        time: at(40),
        status,
        ...(id === undefined ? {} : { step: id }),
      };
      return `id: ${index + 1}\ndata: ${JSON.stringify(entry)}\n\n`;
    })
    .join('');
}

const item = {
  id: 'shirt',
  name: 'Linen shirt',
  category: 'top' as const,
  hex: '#ffffff',
  colour: 'white',
  priceCents: 4990,
  currency: 'EUR',
};

/** A small fashion analysis. */
export const analysis = {
  palette: [{ hex: '#1f3a5f', share: 0.62, name: 'navy' }],
  profile: {
    season: 'winter' as const,
    undertone: 'cool' as const,
    contrast: 'high' as const,
    colours: [{ hex: '#1f3a5f', name: 'navy', weight: 1 }],
    styles: [{ name: 'minimal', weight: 0.7 }],
    basedOn: { images: 1, queries: 0 },
  },
  outfits: [{ id: 'o1', items: [item], harmony: { rule: 'neutral' as const, score: 0.9 } }],
  recommendations: [
    {
      rank: 1,
      outfitId: 'o1',
      score: 0.8,
      reasons: ['Its colours are yours.'],
      items: [item],
      totalCents: 4990,
      currency: 'EUR',
    },
  ],
} satisfies FashionAnalysis;
