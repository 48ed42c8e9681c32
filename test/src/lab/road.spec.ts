import type { CloudEvent, JsonValue } from '@aura/contracts';
import { EVENTS_EXCHANGE } from '@aura/messaging';
import { eventually } from './eventually';
import { Lab, labCoordinator } from './lab';
import { definitions, one, two } from './road-world';

describe('a saga on the embedded road', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.open({ participants: [one, two], definitions });
  }, 60_000);

  afterAll(() => lab.close());

  it('runs parallel branches into a join, with what each brought', async () => {
    const saga = await lab.run('joined', { left: 'L', right: 'R' });
    expect(saga).toMatchObject({ status: 'completed', output: { both: { left: 'L', right: 'R' } } });
  });

  it('runs a step whose condition is true', async () => {
    const saga = await lab.run('conditional', { word: 'yes' });
    expect(saga.steps.map(({ status }) => status)).toEqual(Array(5).fill('completed'));
  });

  it('skips a step whose condition is false, and what hangs on it alone', async () => {
    const saga = await lab.run('conditional', { word: 'no' });
    expect(Object.fromEntries(saga.steps.map(({ id, status }) => [id, status]))).toEqual({
      first: 'completed',
      maybe: 'skipped',
      behind: 'skipped',
      any_way: 'completed',
      after_all: 'completed',
    });
    expect(saga.status).toBe('completed');
  });

  it('fails a step whose condition cannot be evaluated, with a dead letter', async () => {
    const saga = await lab.run('odd_condition');
    expect(saga).toMatchObject({ status: 'failed', error: { code: 'CONDITION_ERROR' } });
    expect(saga.steps[0]?.deadLetterId).toBeDefined();
  });

  it('fails at once on a business refusal', async () => {
    const saga = await lab.run('refused');
    expect(saga).toMatchObject({
      status: 'failed',
      failedStep: 'no',
      error: { kind: 'business', code: 'NO_WAY' },
    });
    expect(saga.steps[0]).toMatchObject({ attempts: 1 });
  });

  it('retries a technical failure and counts the attempts', async () => {
    const saga = await lab.run('flaky_flow');
    expect(saga.status).toBe('completed');
    expect(saga.steps[0]).toMatchObject({ attempts: 3, output: { value: 'at last' } });
  });

  it('keeps what could not be handled as a dead letter that knows its saga', async () => {
    const seen = await lab.tap('ai.aura.dead-letter.#');
    const saga = await lab.run('broken_flow');
    expect(saga).toMatchObject({ status: 'failed', error: { kind: 'technical', message: 'always broken' } });
    expect(saga.steps[0]).toMatchObject({ attempts: 3 });
    const letter = await eventually('the dead letter is told', () =>
      seen.find(({ correlationid }) => correlationid === saga.sagaId),
    );
    expect(letter.data).toMatchObject({
      deadLetterId: saga.steps[0]?.deadLetterId,
      consumer: 'one',
      targets: ['bad'],
      attempts: 3,
    });
  });

  it.each([
    ['optional', 'continued'],
    ['with_default', 'completed'],
  ])('goes on with a default output: %s', async (workflow, status) => {
    const saga = await lab.run(workflow);
    expect(saga).toMatchObject({ status: 'completed', output: { got: { got: 'default' } } });
    expect(saga.steps[0]?.status).toBe(status);
  });

  it('goes on with a fallback action', async () => {
    const saga = await lab.run('with_node');
    expect(saga).toMatchObject({ status: 'completed', output: { got: { got: 'cheap' } } });
    expect(saga.steps.find(({ id }) => id === 'bad')).toMatchObject({
      status: 'completed',
      byFallback: true,
    });
  });

  it('asks again for a step that nobody answers, then fails it', async () => {
    const saga = await lab.run('unanswered');
    expect(saga).toMatchObject({ status: 'failed', failedStep: 'slow' });
    expect(saga.steps[0]).toMatchObject({ epoch: 2 });
  });

  it('ends when it takes too long', async () => {
    expect(await lab.run('hung')).toMatchObject({ status: 'failed', error: { code: 'SAGA_TIMEOUT' } });
  });

  it('completes only when its criteria hold', async () => {
    expect((await lab.run('criteria', { word: 'good' })).status).toBe('completed');
    expect(await lab.run('criteria', { word: 'bad' })).toMatchObject({
      status: 'failed',
      error: { code: 'SUCCESS_CRITERIA' },
    });
  });

  it('changes a resource behind the barrier, and refuses what is not there', async () => {
    const good = await lab.run('taking', { item: 'apple', amount: 7 });
    expect(good.status).toBe('completed');
    const bad = await lab.run('taking', { item: 'apple', amount: 7 });
    expect(bad).toMatchObject({ status: 'failed', error: { kind: 'business', code: 'OUT_OF_STOCK' } });
  });

  it('undoes what is applied when it stops behind a stateful step', async () => {
    const saga = await lab.run('taking_then_bad', { item: 'pear' });
    expect(saga).toMatchObject({ status: 'compensated', failedStep: 'bad', error: { code: 'NO_WAY' } });
    expect(saga).not.toHaveProperty('applied');
  });

  describe('started by a foreign event', () => {
    async function place(id: string, data: JsonValue): Promise<void> {
      const event: CloudEvent = {
        specversion: '1.0',
        id,
        source: '/shop',
        type: 'shop.order.placed.v1',
        data,
      };
      await lab.runtime.bus.publish([
        { event, to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: event.type }] },
      ]);
    }

    it('starts one saga, whatever is delivered twice', async () => {
      const seen = await lab.tap('ai.aura.saga.#');
      await place('order-1', { total: 20, word: 'hello' });
      await place('order-1', { total: 20, word: 'hello' });
      await place('order-2', { total: 5, word: 'too small' });
      await place('order-3', { total: 20, word: 'last' });
      const ends = await eventually('both sagas completed', () => {
        const all = seen.filter(({ type }) => type === 'ai.aura.saga.completed.v1');
        return new Set(all.map(({ correlationid }) => correlationid)).size >= 2 ? all : undefined;
      });
      const outputs = ends.map(({ data }) => (data as { readonly output: JsonValue }).output);
      expect(outputs).toEqual(expect.arrayContaining([{ said: 'hello' }, { said: 'last' }]));
      expect(new Set(seen.map(({ correlationid }) => correlationid)).size).toBe(2);
    });
  });

  describe('as its clients see it', () => {
    it('has a feed in order, from any place on, that ends with it', async () => {
      const id = await lab.start('joined', { left: 1, right: 2 });
      const all = [];
      for await (const entry of lab.coordinator.feed(id, 0, new AbortController().signal)) all.push(entry);
      expect(all.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
      expect(all.at(-1)).toMatchObject({ type: 'ai.aura.saga.completed.v1', status: 'completed' });
      const rest = [];
      for await (const entry of lab.coordinator.feed(id, 3, new AbortController().signal)) rest.push(entry);
      expect(rest).toEqual(all.slice(3));
    });

    it('stops feeding when nobody listens', async () => {
      const id = await lab.start('hung');
      const stop = new AbortController();
      const seen: number[] = [];
      for await (const { sequence } of lab.coordinator.feed(id, 0, stop.signal)) {
        seen.push(sequence);
        stop.abort();
      }
      expect(seen).toEqual([1]);
    });

    it('has no feed, detail or why when it is not held', async () => {
      const entries = [];
      for await (const entry of lab.coordinator.feed('nobody', 0, new AbortController().signal))
        entries.push(entry);
      expect(entries).toEqual([]);
      expect(await lab.coordinator.find('nobody')).toBeUndefined();
      expect(await lab.coordinator.why('nobody')).toBeUndefined();
    });

    it('is refused with the reason', async () => {
      const actor = { subject: 'tester', roles: [] };
      expect(await lab.coordinator.start({ workflow: 'nothing', input: {}, actor })).toMatchObject({
        ok: false,
        error: { code: 'UNKNOWN_WORKFLOW' },
      });
      expect(await lab.coordinator.start({ workflow: 'joined', input: 3, actor })).toMatchObject({
        ok: false,
        error: { code: 'INVALID_INPUT' },
      });
    });

    it('starts once for one idempotency key, and says when the key is used for something else', async () => {
      const request = {
        workflow: 'criteria',
        input: { word: 'good' },
        actor: { subject: 'tester', roles: [] },
        idempotencyKey: 'k1',
      };
      const [first, second] = [await lab.coordinator.start(request), await lab.coordinator.start(request)];
      expect(first).toMatchObject({ ok: true, value: { duplicate: false } });
      expect(second).toMatchObject({
        ok: true,
        value: { duplicate: true, sagaId: first.ok ? first.value.sagaId : '' },
      });
      expect(await lab.coordinator.start({ ...request, input: { word: 'other' } })).toMatchObject({
        ok: false,
        error: { code: 'KEY_REUSED' },
      });
    });
  });

  it('hands partitions over when a second coordinator comes and goes', async () => {
    expect(lab.coordinator.partitions()).toHaveLength(4);
    const second = await labCoordinator(lab.runtime, 'two');
    await eventually('they share', () =>
      second.partitions().length === 2 && lab.coordinator.partitions().length === 2 ? true : undefined,
    );
    expect((await lab.run('joined', { left: 1, right: 2 })).status).toBe('completed');
    await second.stop();
    await eventually('all come back', () => (lab.coordinator.partitions().length === 4 ? true : undefined));
    expect((await lab.run('joined', { left: 1, right: 2 })).status).toBe('completed');
  });

  it('a definition is listed, refused with its reasons, and keeps versions side by side', async () => {
    const actor = { subject: 'tester', roles: [] };
    const known = (await lab.coordinator.definitions()).find(({ id }) => id === 'joined');
    expect(known).toMatchObject({ status: 'active', waitsFor: [], steps: 3 });
    const changed = { ...(definitions[0] as Record<string, JsonValue>), description: 'another' };
    expect(await lab.coordinator.publishDefinition(JSON.stringify(changed), 'x.json', actor)).toMatchObject({
      ok: false,
      error: [{ code: 'VERSION_TAKEN' }],
    });
    expect((await lab.coordinator.checkDefinition('id: 3', 'x.yaml')).length).toBeGreaterThan(1);
    await lab.publish({ ...changed, version: '1.1.0', output: { only: 'steps.left.output.value' } });
    expect((await lab.run('joined', { left: 'L', right: 'R' })).output).toEqual({ only: 'L' });
    const old = await lab.until(await lab.start('joined', { left: 'L', right: 'R' }, { version: '1.0.0' }));
    expect(old.output).toEqual({ both: { left: 'L', right: 'R' } });
  });
});
