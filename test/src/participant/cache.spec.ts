import type { CloudEvent, JsonObject, JsonValue } from '@aura/contracts';
import { StoreUnavailableError } from '@aura/kernel';
import { range } from '@aura/kernel/testing';
import type { ActionContext, ParticipantDefinition } from '@aura/workflow';
import { labAction, labParticipant } from '../lab/actions';
import { outputOf, Stage } from './stage';

const step = (id: string, action: string, more: JsonObject = {}): JsonObject => ({ id, action, ...more });

describe('the result of a pure action', () => {
  let stage: Stage;
  let calls: ActionContext[];
  let doing: (input: Readonly<Record<string, JsonValue>>) => Promise<JsonValue> | JsonValue;
  let alpha: ParticipantDefinition;

  beforeEach(async () => {
    stage = await Stage.open();
    calls = [];
    doing = () => calls.length;
    const run = (input: Readonly<Record<string, JsonValue>>, context: ActionContext) => {
      calls.push(context);
      return doing(input);
    };
    alpha = labParticipant('alpha', [labAction('work', run)]);
  });
  afterEach(() => stage.close());

  const cached = (id: string, action: string, cache: JsonObject, input: JsonObject): JsonObject => ({
    id,
    input: { type: 'object', additionalProperties: true },
    steps: [step('one', action, { cache, input })],
  });

  test('is not done again for the same input within its time', async () => {
    await stage.start(alpha);
    const plan = await stage.publish(cached('whole', 'work', { ttl: '1m' }, { word: 'input.word' }));
    for (const [saga, word] of [
      ['s1', 'red'],
      ['s2', 'red'],
      ['s3', 'blue'],
    ] as const) {
      await stage.begin(plan, saga, { word });
      await stage.ended(saga, 'one');
    }
    await stage.world.advance(61_000);
    await stage.begin(plan, 's4', { word: 'red' });
    await stage.ended('s4', 'one');
    const values = ['s1', 's2', 's3', 's4'].map((saga) =>
      outputOf(stage.endsOf(saga, 'one')[0] as CloudEvent),
    );
    expect(values).toEqual([1, 1, 2, 3].map((value) => ({ value })));
  });

  test('is known by its key alone when it has one; an absent part is not a null one', async () => {
    await stage.start(alpha);
    const plan = await stage.publish(
      cached('keyed', 'work', { ttl: '1m', key: ['input.who'] }, { word: 'input.word' }),
    );
    const inputs: readonly JsonObject[] = [
      { who: 'a', word: 'x' },
      { who: 'a', word: 'y' },
      { who: null },
      {},
    ];
    for (const [n, input] of inputs.entries()) {
      await stage.begin(plan, `s${n}`, input);
      await stage.ended(`s${n}`, 'one');
    }
    expect(calls).toHaveLength(3);
  });

  test('that is away is done as without', async () => {
    const { fast } = stage.ports('alpha');
    const away = () => Promise.reject(new StoreUnavailableError('no Redis'));
    await stage.start(alpha, { ports: { fast: { ...fast, results: { get: away, set: away } } } });
    const plan = await stage.publish(cached('away', 'work', { ttl: '1m' }, {}));
    await stage.begin(plan, 's1');
    expect(outputOf(await stage.ended('s1', 'one'))).toEqual({ value: 1 });
    expect(stage.ground.warnings.map(({ message }) => message)).toEqual(
      range(2).map(() => 'result cache not available; going on without'),
    );
  });
});
