import { connect } from '@aura/client';
import type { AuraClient, SagaDetail } from '@aura/client';
import { startOnServers } from '@aura/host';
import type { RunningAura } from '@aura/host';
import { until } from '@aura/messaging/testing';
import { serverUrl } from '@aura/servers';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeAll } from '../e2e/close-all';
import { privateBroker } from '../e2e/private-broker';
import type { PrivateBroker } from '../e2e/private-broker';
import { faultsOf, RecordedSpans, spanNamed } from './recorded-spans';
import { COMPLETE } from './stories';

const PICTURE = join(__dirname, '../../../apps/cli/samples/autumn-knit.jpg');
const LAST = 'publish ai.aura.saga.completed.v1';
/** Enough that both consumers of each queue get some. */
const SAGAS = 6;

jest.setTimeout(60_000);

describe('sagas on servers, with two consumers for every queue', () => {
  let broker: PrivateBroker;
  let spans: RecordedSpans;
  let auras: readonly RunningAura[] = [];

  beforeAll(async () => {
    broker = await privateBroker();
    const env = {
      AURA_RABBITMQ_URL: broker.url,
      AURA_MONGODB_URL: serverUrl('mongodb'),
      AURA_REDIS_URL: serverUrl('redis'),
      AURA_PREFIX: `traces-${randomBytes(4).toString('hex')}`,
    };
    spans = RecordedSpans.start();
    const start = (AURA_INSTANCE: string): Promise<RunningAura> =>
      startOnServers({ env: { ...env, AURA_INSTANCE }, port: 0 });
    auras = [await start('one'), await start('two')];
  }, 120_000);

  afterAll(
    () => closeAll([...auras.map((aura) => () => aura.stop()), () => spans?.close(), () => broker?.remove()]),
    60_000,
  );

  test('have one trace each, with every parent and link in it', async () => {
    const one = (n: number): AuraClient => connect({ url: auras[n % auras.length]?.url ?? '' });
    const image = (await one(0).uploadImage(readFileSync(PICTURE), 'image/jpeg')).digest;
    const analysed = async (n: number): Promise<SagaDetail> =>
      (await one(n).start(COMPLETE.workflow, { image })).completed();
    const sagas = await Promise.all(Array.from({ length: SAGAS }, (_, n) => analysed(n)));
    for (const { sagaId } of sagas) {
      await until(() => {
        const story = spans.ofSaga(sagaId);
        return story.some(({ name }) => name === LAST) && faultsOf(story).length === 0;
      }, `the whole story of ${sagaId}`);
      const story = spans.ofSaga(sagaId);
      const names = story.map(({ name }) => name.replace('/execute/async', '/execute'));
      expect(names).toEqual(expect.arrayContaining([...COMPLETE.spans]));
      expect(spanNamed(story, 'profile-style').links).toHaveLength(1);
      expect(spanNamed(story, 'publish ai.aura.style.profiled.v1').attributes).toMatchObject({
        'messaging.system': 'rabbitmq',
        'messaging.rabbitmq.destination.routing_key': `ai.aura.style.profiled.v1.${COMPLETE.workflow}`,
      });
    }
    expect(new Set(sagas.map((saga) => spans.ofSaga(saga.sagaId)[0]?.trace)).size).toBe(SAGAS);
    expect(JSON.stringify(spans.all())).not.toContain(new URL(broker.url).password || 'amqp://');
  });
});
