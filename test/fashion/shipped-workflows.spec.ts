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
  type Plan,
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

  it('announce their actions in words that the contract takes', () => {
    const announced = participants.flatMap(({ actions }) => describeActions(actions));
    expect(announced.map((action) => actionDescription.parse(action))).toEqual(announced);
    expect(announced.map(({ name, kind, emits }) => [name, kind, emits])).toEqual([
      ['analyse-image', 'pure', 'ai.aura.image.analysed.v1'],
      ['understand-query', 'pure', 'ai.aura.query.understood.v1'],
      ['profile-style', 'reading', 'ai.aura.style.profiled.v1'],
      ['fund-account', 'stateful', 'ai.aura.account.funded.v1'],
      ['hold-budget', 'stateful', 'ai.aura.budget.held.v1'],
      ['release-budget', 'stateful', 'ai.aura.budget.released.v1'],
      ['capture-budget', 'stateful', 'ai.aura.budget.captured.v1'],
      ['combine-outfits', 'pure', 'ai.aura.outfits.combined.v1'],
      ['price-look', 'pure', 'ai.aura.look.priced.v1'],
      ['save-outfit', 'stateful', 'ai.aura.outfit.saved.v1'],
      ['remove-outfit', 'stateful', 'ai.aura.outfit.removed.v1'],
      ['make-recommendations', 'pure', 'ai.aura.recommendations.made.v1'],
      ['receive-stock', 'stateful', 'ai.aura.stock.received.v1'],
      ['hold-stock', 'stateful', 'ai.aura.stock.held.v1'],
      ['release-stock', 'stateful', 'ai.aura.stock.released.v1'],
      ['sell-stock', 'stateful', 'ai.aura.stock.sold.v1'],
    ]);
  });

  it.each([
    ['complete_fashion_analysis', 5],
    ['quick_style_assessment', 2],
    ['fund_account', 1],
    ['stock_wardrobe', 1],
    ['reserve_look', 2],
    ['release_look', 2],
    ['reserve_look_in_sequence', 4],
    ['reserve_either_look', 2],
  ])('offer everything that %s asks for', (workflow, steps) => {
    const nested = workflow === 'reserve_either_look' ? [compiled('reserve_look')] : [];
    expect(compiled(workflow, nested).steps).toHaveLength(steps);
  });

  function compiled(workflow: string, nested: readonly Plan[] = []): Plan {
    const catalogue: ActionCatalogue = new Map(offered().map((action) => [action.name, action]));
    const file = join(WORKFLOWS, `${workflow}.yaml`);
    const result = compileDefinition(readFileSync(file, 'utf8'), file, catalogue, nested);
    if (!result.ok) throw new Error(JSON.stringify(result.error, undefined, 1));
    return result.value;
  }
});
