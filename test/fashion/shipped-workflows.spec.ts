import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { combinationEngineParticipant } from '@aura/combination-engine';
import { actionDescription } from '@aura/contracts';
import { openEmbedded, systemWorld, type Embedded } from '@aura/embedded';
import { imageProcessingParticipant } from '@aura/image-processing';
import { nluParticipant } from '@aura/nlu';
import { recommendationEngineParticipant } from '@aura/recommendation-engine';
import { styleProfileParticipant } from '@aura/style-profile';
import {
  compileDefinition,
  describeActions,
  type ActionCatalogue,
  type OfferedAction,
  type ParticipantDefinition,
} from '@aura/workflow';

const WORKFLOWS = join(__dirname, '../../contracts/workflows');

describe('the five fashion services', () => {
  let folder: string;
  let embedded: Embedded;
  let participants: readonly ParticipantDefinition[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'aura-fashion-'));
    embedded = await openEmbedded({ path: join(folder, 'aura.db') });
    participants = [
      imageProcessingParticipant(),
      nluParticipant(),
      styleProfileParticipant({ journal: embedded.journal('style-profile'), clock: systemWorld().clock }),
      combinationEngineParticipant(),
      recommendationEngineParticipant(),
    ];
  });

  afterAll(async () => {
    await embedded.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function offered(): readonly OfferedAction[] {
    return participants.flatMap(({ name, actions }) =>
      describeActions(actions).map((action) => ({ ...action, participant: name })),
    );
  }

  it('announce five actions in words that the contract takes', () => {
    const announced = participants.flatMap(({ actions }) => describeActions(actions));
    expect(announced.map((action) => actionDescription.parse(action))).toEqual(announced);
    expect(announced.map(({ name, kind, emits }) => [name, kind, emits])).toEqual([
      ['analyse-image', 'pure', 'ai.aura.image.analysed.v1'],
      ['understand-query', 'pure', 'ai.aura.query.understood.v1'],
      ['profile-style', 'reading', 'ai.aura.style.profiled.v1'],
      ['combine-outfits', 'pure', 'ai.aura.outfits.combined.v1'],
      ['make-recommendations', 'pure', 'ai.aura.recommendations.made.v1'],
    ]);
  });

  it.each([
    ['complete_fashion_analysis', 5],
    ['quick_style_assessment', 2],
  ])('offer everything that %s asks for', (workflow, steps) => {
    const catalogue: ActionCatalogue = new Map(offered().map((action) => [action.name, action]));
    const file = join(WORKFLOWS, `${workflow}.yaml`);
    const compiled = compileDefinition(readFileSync(file, 'utf8'), file, catalogue);
    expect(compiled).toMatchObject({ ok: true });
    expect(compiled.ok ? compiled.value.steps.length : compiled.error).toBe(steps);
  });
});
