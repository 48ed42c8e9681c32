import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  emptyBecause,
  imageAnalysed,
  imageAnalysis,
  outfit,
  outfitsCombined,
  outfitSelection,
  queryUnderstanding,
  queryUnderstood,
  recommendationList,
  recommendationsMade,
  styleProfile,
  styleProfiled,
} from '@aura/contracts';
import type { EventDefinition } from '@aura/contracts';
import { z } from 'zod';
import { planBindings } from '../plan/bindings';
import { parsePlan } from '../plan/parse-plan';
import type { Plan } from '../plan/plan';
import { compileDefinition } from './compile-definition';
import type { ActionCatalogue, OfferedAction } from './offered-action';

function action(
  name: string,
  participant: string,
  schemas: { readonly input: z.ZodType; readonly output: z.ZodType; readonly end: EventDefinition },
): [string, OfferedAction] {
  const input = z.toJSONSchema(schemas.input, { io: 'input' }) as OfferedAction['input'];
  const output = z.toJSONSchema(schemas.output) as OfferedAction['output'];
  const kind = name === 'profile-style' ? 'reading' : 'pure';
  return [
    name,
    { name, participant, kind, description: '', input, output, emits: schemas.end.type, publishes: [] },
  ];
}

const profileInput = z.object({
  userId: z.string().min(1).max(200).optional(),
  palette: imageAnalysis.shape.palette,
  brightness: z.number().optional(),
  contrast: z.number().optional(),
  saturation: z.number().optional(),
  warmth: z.number().optional(),
  query: queryUnderstanding.optional(),
});

const catalogue: ActionCatalogue = new Map([
  action('analyse-image', 'image-processing', {
    input: z.object({ image: z.string() }),
    output: imageAnalysis,
    end: imageAnalysed,
  }),
  action('understand-query', 'nlu', {
    input: z.object({ query: z.string().max(2000).optional() }),
    output: queryUnderstanding,
    end: queryUnderstood,
  }),
  action('profile-style', 'style-profile', { input: profileInput, output: styleProfile, end: styleProfiled }),
  action('combine-outfits', 'combination-engine', {
    input: z.object({ profile: styleProfile, query: queryUnderstanding.optional() }),
    output: outfitSelection,
    end: outfitsCombined,
  }),
  action('make-recommendations', 'recommendation-engine', {
    input: z.object({
      profile: styleProfile,
      outfits: z.array(outfit).max(100),
      query: queryUnderstanding.optional(),
      emptyBecause: emptyBecause.optional(),
    }),
    output: recommendationList,
    end: recommendationsMade,
  }),
]);

function compiled(name: string): Plan {
  const file = join(__dirname, '../../../../contracts/workflows', `${name}.yaml`);
  // The example names a sample picture, which may be drawn anew.
  const text = readFileSync(file, 'utf8').replace(/sha256:[0-9a-f]{64}$/m, `sha256:${'0'.repeat(64)}`);
  const result = compileDefinition(text, file, catalogue);
  if (!result.ok) throw new Error(JSON.stringify(result.error, undefined, 1));
  return result.value;
}

describe('the fashion workflows', () => {
  it('complete_fashion_analysis compiles to its golden plan', () => {
    const golden: unknown = JSON.parse(
      readFileSync(join(__dirname, 'testdata/complete_fashion_analysis.plan.json'), 'utf8'),
    );
    expect(compiled('complete_fashion_analysis')).toEqual(golden);
  });

  it('quick_style_assessment compiles to two steps that carry nothing the next does not read', () => {
    const { steps, startCarries } = compiled('quick_style_assessment');
    expect(startCarries).toEqual({ input: ['image', 'userId'], steps: {} });
    expect(steps.map(({ id, carries }) => [id, carries])).toEqual([
      ['analyse', { input: ['userId'], steps: {} }],
      ['profile', { input: [], steps: {} }],
    ]);
  });

  it('a plan survives the wire, byte for byte of its meaning', () => {
    const plan = compiled('complete_fashion_analysis');
    expect(parsePlan(JSON.stringify(plan))).toEqual(plan);
  });

  it('the participant behind a join hears of both branches', () => {
    expect(planBindings(compiled('complete_fashion_analysis'), 'style-profile')).toEqual([
      { exchange: 'aura.steps', key: 'ai.aura.image.analysed.v1.complete_fashion_analysis' },
      { exchange: 'aura.steps', key: 'ai.aura.query.understood.v1.complete_fashion_analysis' },
    ]);
  });
});
