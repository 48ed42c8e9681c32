import { COMPLETE } from './stories';
import { faultsOf, RecordedSpans, spanNamed } from './recorded-spans';
import type { SeenSpan } from './recorded-spans';
import { TracedAura } from './traced-aura';
import { until } from '@aura/messaging/testing';

jest.setTimeout(60_000);

describe('one saga', () => {
  let spans: RecordedSpans;
  let aura: TracedAura;
  let story: readonly SeenSpan[] = [];
  let saga = '';

  beforeAll(async () => {
    spans = RecordedSpans.start();
    aura = await TracedAura.open();
    const templates = (await aura.get('/api/v1/workflows/templates')) as Templates;
    const template = templates.templates.find(({ workflow }) => workflow === COMPLETE.workflow);
    saga = await aura.execute(COMPLETE.workflow, template?.example ?? null);
    await until(
      () => spans.ofSaga(saga).some(({ name }) => name === 'publish ai.aura.saga.completed.v1'),
      'the last event is out',
    );
    await until(() => faultsOf(spans.ofSaga(saga)).length === 0, 'all spans have ended');
    story = spans.ofSaga(saga);
  });

  afterAll(async () => {
    await aura.close();
    await spans.close();
  });

  const named = (name: string): SeenSpan => spanNamed(story, name);

  test('is one trace, from the HTTP request to its last event', () => {
    expect(faultsOf(story)).toEqual([]);
    const root = named('POST /api/v1/workflows/execute');
    expect(root).toMatchObject({
      parent: undefined,
      kind: 'SERVER',
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/api/v1/workflows/execute',
        'http.response.status_code': 200,
        'messaging.message.conversation_id': saga,
      },
    });
    expect(story.map(({ name }) => name)).toEqual(expect.arrayContaining([...COMPLETE.spans]));
    expect(story.every(({ hasFailed }) => !hasFailed)).toBe(true);
    for (const { begin } of story) expect(begin).toBeGreaterThanOrEqual(root.begin - 5);
  });

  test('has each step behind the one that set it off, and each publishing beside it', () => {
    const start = named('start complete_fashion_analysis');
    expect(start.parent).toBe(named('POST /api/v1/workflows/execute').id);
    for (const first of ['analyse-image', 'understand-query'])
      expect(named(first)).toMatchObject({ parent: start.id, kind: 'CONSUMER', links: [] });
    expect(named('combine-outfits').parent).toBe(named('profile-style').id);
    expect(named('make-recommendations').parent).toBe(named('combine-outfits').id);
    expect(named('publish ai.aura.image.analysed.v1').parent).toBe(named('analyse-image').id);
    expect(named('publish ai.aura.saga.completed.v1').parent).toBe(start.id);
  });

  test('has a link for the earlier arrival at a join', () => {
    const { parent, links } = named('profile-style');
    const arrivals = [named('analyse-image').id, named('understand-query').id];
    expect([parent, ...links].sort()).toEqual(arrivals.sort());
  });

  test('is told in the words of the conventions for messaging', () => {
    expect(named('make-recommendations').attributes).toMatchObject({
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.destination.name': 'aura.participant.recommendation-engine',
      'messaging.consumer.group.name': 'recommendation-engine',
      'messaging.message.conversation_id': saga,
      'cloudevents.event_type': 'ai.aura.outfits.combined.v1',
      'cloudevents.event_source': '/aura/combination-engine',
      'aura.definition': COMPLETE.workflow,
      'aura.step': 'recommend',
      'aura.action': 'make-recommendations',
      'aura.run': 1,
      'aura.epoch': 1,
      'aura.outcome': 'done',
    });
    const publishing = named('publish ai.aura.recommendations.made.v1');
    expect(publishing.kind).toBe('CLIENT');
    expect(publishing.attributes).toMatchObject({
      'messaging.system': 'aura',
      'messaging.operation.name': 'publish',
      'messaging.operation.type': 'send',
      'messaging.destination.name': `aura.steps:ai.aura.recommendations.made.v1.${COMPLETE.workflow}`,
      'messaging.message.conversation_id': saga,
      'cloudevents.event_type': 'ai.aura.recommendations.made.v1',
      'aura.destinations': 2,
    });
    expect(publishing.attributes['messaging.message.id']).toBe(publishing.attributes['cloudevents.event_id']);
  });

  test('is tracked in batches, with a link for each further event', () => {
    const tracking = story.filter(({ name }) => name === 'track saga');
    const events = tracking.map(({ attributes }) => Number(attributes['messaging.batch.message_count']));
    expect(events.reduce((sum, count) => sum + count, 0)).toBe(5);
    for (const { links, attributes, kind } of tracking) {
      expect(kind).toBe('CONSUMER');
      expect(links).toHaveLength(Number(attributes['messaging.batch.message_count']) - 1);
    }
  });

  test('says nothing of what people sent', () => {
    const told = JSON.stringify(story);
    for (const word of ['autumn', '300 euros', 'sha256:364d']) expect(told).not.toContain(word);
  });

  test('has its trace context in every event', async () => {
    const own = (): typeof aura.events => aura.events.filter(({ correlationid }) => correlationid === saga);
    await until(() => own().length >= 7, 'start, five steps and end on the public face');
    const trace = story[0]?.trace;
    for (const { traceparent } of own())
      expect(traceparent).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
    const ids = new Set(story.map(({ id }) => id));
    for (const { traceparent } of own()) expect(ids).toContain(traceparent?.slice(36, 52));
  });
});

interface Templates {
  readonly templates: readonly {
    readonly workflow: string;
    readonly example: Readonly<Record<string, string>>;
  }[];
}
