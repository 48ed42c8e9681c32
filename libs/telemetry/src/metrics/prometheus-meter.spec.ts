import { METRICS } from '@aura/kernel';
import { PrometheusMeter } from './prometheus-meter';

async function lineOf(meter: PrometheusMeter, start: string): Promise<string | undefined> {
  const { text } = await meter.page();
  return text.split('\n').find((line) => line.startsWith(start));
}

describe('the numbers of a process', () => {
  test('are registered by the catalogue, with units and labels as Prometheus wants them', async () => {
    const meter = new PrometheusMeter();
    expect(meter.names()).toEqual(Object.keys(METRICS));
    for (const [name, { kind, help, labels }] of Object.entries(METRICS)) {
      expect(name).toMatch(/^aura_[a-z_]+$/);
      expect(name.endsWith('_total')).toBe(kind === 'counter');
      if (kind === 'histogram') expect(name).toMatch(/_seconds$/);
      expect(help).toMatch(/^[A-Z0-9].*\.$/);
      // Bounded: nothing that grows with the number of sagas.
      for (const label of labels)
        expect([
          'definition',
          'status',
          'code',
          'participant',
          'action',
          'outcome',
          'consumer',
          'kind',
        ]).toContain(label);
    }
    const { contentType, text } = await meter.page();
    expect(contentType).toContain('text/plain');
    expect(text).toContain('# TYPE aura_sagas_ended_total counter');
  });

  test('counters add up, whenever somebody looks', async () => {
    const meter = new PrometheusMeter();
    const done = meter.counter('aura_deliveries_total', { consumer: 'nlu', outcome: 'done' });
    done.add();
    done.add(2);
    meter.counter('aura_deliveries_total', { consumer: 'nlu', outcome: 'dead' }).add();
    expect(meter.counter('aura_deliveries_total', { consumer: 'nlu', outcome: 'done' })).toBe(done);
    const line = 'aura_deliveries_total{consumer="nlu",outcome="done"}';
    expect(await lineOf(meter, line)).toBe(`${line} 3`);
    done.add();
    expect(await lineOf(meter, line)).toBe(`${line} 4`);
    expect(await lineOf(meter, line)).toBe(`${line} 4`);
  });

  test('histograms hold what was observed in their buckets', async () => {
    const meter = new PrometheusMeter();
    const confirm = meter.histogram('aura_publish_confirm_seconds', { outcome: 'ok' });
    for (const seconds of [0.002, 0.002, 0.3]) confirm.observe(seconds);
    expect(await lineOf(meter, 'aura_publish_confirm_seconds_bucket{le="0.0025",outcome="ok"}')).toMatch(
      / 2$/,
    );
    expect(await lineOf(meter, 'aura_publish_confirm_seconds_count{outcome="ok"}')).toMatch(/ 3$/);
    expect(meter.histogram('aura_publish_confirm_seconds', { outcome: 'ok' })).toBe(confirm);
  });

  test('gauges are read when somebody looks, by the last reader of their labels', async () => {
    const meter = new PrometheusMeter();
    let value = 1;
    const line = 'aura_consumer_paused{consumer="nlu"}';
    const first = meter.gauge('aura_consumer_paused', { consumer: 'nlu' }, () => value);
    expect(await lineOf(meter, line)).toBe(`${line} 1`);
    value = 0;
    expect(await lineOf(meter, line)).toBe(`${line} 0`);
    const second = meter.gauge('aura_consumer_paused', { consumer: 'nlu' }, () => 7);
    first();
    expect(await lineOf(meter, line)).toBe(`${line} 7`);
    second();
    expect(await lineOf(meter, line)).toBeUndefined();
  });

  test('tell of the process itself when asked to', async () => {
    const meter = new PrometheusMeter().withProcess();
    expect(meter.names()).toContain('nodejs_eventloop_lag_seconds');
    expect(await lineOf(meter, 'process_cpu_seconds_total')).toBeDefined();
  });
});
