import { stepNothingToUndo } from '@aura/contracts';
import type { JsonObject, JsonValue } from '@aura/contracts';
import { defineAction } from '@aura/workflow';
import type { Plan } from '@aura/workflow';
import { z } from 'zod';
import { AskedJournal } from '../barrier/asked-journal';
import { labParticipant, takeAction } from '../lab/actions';
import { Stage } from './stage';

describe('a stateful step whose trigger comes for the first time', () => {
  let stage: Stage;
  let plan: Plan;
  let journal: AskedJournal;
  let paid = 0;

  const pay = defineAction({
    name: 'pay',
    kind: 'stateful',
    input: z.object({ amount: z.number() }),
    output: z.object({ paid: z.number() }),
    emits: 'lab.pay.done.v1',
    run: () => ({ output: { paid: (paid += 1) } }),
    undo: { name: 'give-back', run: () => undefined },
  });
  const alpha = labParticipant('alpha', [takeAction(), pay]);
  const stock = () => stage.ports('alpha').journal.read('stock/thing');
  const again = (input: JsonObject, id: string) => stage.begin(plan, 's1', input, { id });
  const ends = (step: string) => new Set(stage.endsOf('s1', step).map((event) => JSON.stringify(event)));

  beforeEach(async () => {
    paid = 0;
    stage = await Stage.open();
    journal = new AskedJournal(stage.ports('alpha').journal);
    await stage.start(alpha, { ports: { journal } });
    plan = await stage.publish({
      id: 'shop',
      input: { type: 'object', properties: { go: {}, amount: { type: 'number' } }, required: ['amount'] },
      steps: [
        { id: 'take', action: 'take', when: 'input.go == true', input: {} },
        { id: 'pay', action: 'pay', input: { amount: 'input.amount' } as JsonValue },
      ],
    });
  });
  afterEach(() => stage.close());

  test('does not ask what stands, and is done once', async () => {
    await again({ go: true, amount: 5 }, 'first');
    await stage.ended('s1', 'take');
    await stage.ended('s1', 'pay');
    expect(journal.asked).toBe(0);
    expect([(await stock()).length, paid]).toEqual([1, 1]);
  });

  test('gets what stands when another trigger was first, whatever it brings', async () => {
    await again({ go: true, amount: 5 }, 'first');
    await stage.ended('s1', 'take');
    await stage.ended('s1', 'pay');
    const strange: readonly JsonObject[] = [{ go: false, amount: 7 }, { amount: 'much' }, {}];
    for (const [n, input] of strange.entries()) {
      await again(input, `later${n}`);
      await stage.ended('s1', 'take', n + 2);
      await stage.ended('s1', 'pay', n + 2);
    }
    expect([ends('take').size, ends('pay').size]).toEqual([1, 1]);
    expect([(await stock()).length, paid, stage.dead]).toEqual([1, 1, []]);
  });

  test('ends as skipped once, and what comes behind with another condition keeps to that', async () => {
    await again({ go: false, amount: 5 }, 'first');
    const skipped = await stage.ended('s1', 'take');
    await again({ go: true, amount: 5 }, 'second');
    expect(await stage.ended('s1', 'take', 2)).toEqual(skipped);
    expect(await stock()).toEqual([]);
  });

  test('fails by itself where nothing stands', async () => {
    await again({ amount: 'much' }, 'first');
    await stage.ended('s1', 'take');
    await stage.ended('s1', 'pay');
    expect(stage.dead).toHaveLength(2);
    expect([await stock(), paid]).toEqual([[], 0]);
  });

  test('has no effect behind its fence', async () => {
    await stage.ask({ plan, saga: 's1' }, 'pay');
    expect((await stage.ended('s1', 'pay')).type).toBe(stepNothingToUndo.type);
    await again({ go: true, amount: 5 }, 'late');
    await stage.ended('s1', 'take');
    await stage.quiet('alpha');
    expect([paid, stage.endsOf('s1', 'pay')]).toMatchObject([0, [{ type: stepNothingToUndo.type }]]);
  });
});
