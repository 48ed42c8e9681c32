import type { JsonValue, SagaFeedEntry } from '@aura/contracts';
import { isClaimed, MOST_INLINE_BYTES } from '@aura/messaging';
import type { AuraRuntime } from '@aura/nest';
import { labAction, labParticipant, takeAction } from '../lab/actions';
import { eventually } from '../lab/eventually';
import { Lab } from '../lab/lab';
import { definition } from '../lab/road-world';

const KIB = 1024;
const left = labParticipant('left', [
  labAction('fill', ({ with: letter, kib }) => String(letter).repeat(Number(kib) * KIB)),
  labAction('record', ({ with: letter, kib }) => String(letter).repeat(Number(kib) * KIB), 'reading'),
]);
const right = labParticipant('right', [
  labAction('lengths', (input) =>
    Object.fromEntries(Object.entries(input).map(([name, value]) => [name, String(value).length])),
  ),
  takeAction(),
]);

const definitions: readonly JsonValue[] = [
  definition(
    'large',
    [
      { id: 'a', action: 'fill', input: { with: 'a', kib: 'input.kib' } },
      { id: 'b', action: 'record', input: { with: 'ü', kib: 'input.kib' } },
      {
        id: 'both',
        action: 'lengths',
        dependencies: ['a', 'b'],
        input: { a: 'steps.a.output.value', b: 'steps.b.output.value', input: 'input.text' },
      },
      // Reads what its dependency carries: input and output of others, both over the bound.
      {
        id: 'behind',
        action: 'lengths',
        dependencies: ['both'],
        input: { a: 'steps.a.output.value', input: 'input.text' },
      },
      { id: 'taken', action: 'take', dependencies: ['both'], input: { item: 'steps.a.output.value' } },
    ],
    {
      output: {
        both: 'steps.both.output.value',
        behind: 'steps.behind.output.value',
        a: 'steps.a.output.value',
      },
    },
  ),
  definition('too_large', [
    { id: 'a', action: 'fill', input: { with: 'a', kib: 600 } },
    { id: 'b', action: 'fill', dependencies: ['a'], input: { with: 'b', kib: 600 } },
  ]),
];

async function entriesOf(lab: Lab, saga: string): Promise<readonly SagaFeedEntry[]> {
  const entries: SagaFeedEntry[] = [];
  for await (const entry of lab.coordinator.feed(saga, 0, new AbortController().signal)) entries.push(entry);
  return entries;
}

/** Sagas whose inputs, outputs and context are over the inline bound, on a runtime; absent: an embedded one. */
export function largeSagas(open: () => Promise<AuraRuntime | undefined>): void {
  let lab: Lab;
  let runtime: AuraRuntime | undefined;
  beforeAll(async () => {
    runtime = await open();
    lab = await Lab.open({
      participants: [left, right],
      definitions,
      ...(runtime === undefined ? {} : { runtime }),
    });
  }, 60_000);
  afterAll(async () => {
    await lab?.close();
    await runtime?.close();
  }, 30_000);

  it('run to their end, whatever travels by reference between; clients get the data', async () => {
    const seen = await lab.tap();
    const kib = 270;
    const saga = await lab.run('large', { kib, text: 'i'.repeat(300 * KIB) });
    expect(saga).toMatchObject({ status: 'completed' });
    const lengths = { a: kib * KIB, input: 300 * KIB };
    expect(saga.output).toEqual({
      both: { ...lengths, b: kib * KIB },
      behind: lengths,
      a: 'a'.repeat(kib * KIB),
    });
    const entries = await entriesOf(lab, saga.sagaId);
    expect(entries.find(({ step }) => step === 'a')?.data).toMatchObject({ value: 'a'.repeat(kib * KIB) });
    const types = ['saga.started', 'lab.fill.done', 'lab.record.done', 'lab.lengths.done', 'saga.completed'];
    await eventually('every event is seen', () =>
      types.every((type) => seen.some((event) => event.type.includes(type))) ? true : undefined,
    );
    for (const event of seen.filter(({ type }) => types.some((one) => type.includes(one)))) {
      const isLarge = !(event.type.includes('lengths') && event.aurastep === 'behind');
      expect([event.type, event.aurastep, isClaimed(event), event.data === undefined]).toEqual([
        event.type,
        event.aurastep,
        isLarge,
        isLarge,
      ]);
    }
    expect(JSON.stringify(seen).length).toBeLessThan(MOST_INLINE_BYTES);
  }, 30_000);

  it('fail with a clear error when they grow beyond what a saga can keep', async () => {
    const saga = await lab.run('too_large');
    expect(saga).toMatchObject({
      status: 'failed',
      error: { code: 'SAGA_TOO_LARGE', message: expect.stringMatching(/the output of step [ab]/) },
    });
  }, 30_000);

  it('are refused at the start when their input alone is too large', async () => {
    const start = { workflow: 'large', input: { kib: 1, text: 'i'.repeat(1100 * KIB) } };
    const refused = await lab.coordinator.start({ ...start, actor: { subject: 'tester', roles: [] } });
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'INVALID_INPUT', errors: [{ message: expect.stringContaining('by reference') }] },
    });
  });
}
