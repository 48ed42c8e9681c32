import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace-base';
import { newSagaId } from '@aura/kernel';
import { VirtualWorld } from '@aura/kernel/testing';
import { SagaSampler } from './saga-sampler';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

function isRecorded(
  sampler: SagaSampler,
  saga: string | undefined,
  context: Context = ROOT_CONTEXT,
): boolean {
  const attributes = saga === undefined ? {} : { 'messaging.message.conversation_id': saga };
  const { decision } = sampler.shouldSample(context, TRACE, 'x', SpanKind.SERVER, attributes, []);
  return decision === SamplingDecision.RECORD_AND_SAMPLED;
}

const parent = (traceFlags: number): Context =>
  trace.setSpanContext(ROOT_CONTEXT, { traceId: TRACE, spanId: 'b7ad6b7169203331', traceFlags });

const world = new VirtualWorld();

describe('which sagas are traced', () => {
  test('is a function of their id: two processes agree, and about the share is met', () => {
    const [one, other] = [new SagaSampler(0.1), new SagaSampler(0.1)];
    const sagas = Array.from({ length: 5000 }, () => newSagaId(world));
    const recorded = sagas.filter((saga) => isRecorded(one, saga));
    expect(sagas.filter((saga) => isRecorded(other, saga))).toEqual(recorded);
    expect(recorded.length / sagas.length).toBeGreaterThan(0.07);
    expect(recorded.length / sagas.length).toBeLessThan(0.13);
    // Who is in a small share is in every larger one.
    expect(recorded.every((saga) => isRecorded(new SagaSampler(0.2), saga))).toBe(true);
  });

  test('is all of them with 1 and none with 0', () => {
    const sagas = Array.from({ length: 200 }, () => newSagaId(world));
    expect(sagas.every((saga) => isRecorded(new SagaSampler(1), saga))).toBe(true);
    expect(sagas.some((saga) => isRecorded(new SagaSampler(0), saga))).toBe(false);
  });

  test('follows what was decided where the trace began', () => {
    expect(isRecorded(new SagaSampler(0), 's', parent(1))).toBe(true);
    expect(isRecorded(new SagaSampler(1), 's', parent(0))).toBe(false);
    const invalid = trace.setSpanContext(ROOT_CONTEXT, { traceId: '', spanId: '', traceFlags: 0 });
    expect(isRecorded(new SagaSampler(1), 's', invalid)).toBe(true);
  });

  test('follows the id of the trace where there is no saga', () => {
    expect(isRecorded(new SagaSampler(1), undefined)).toBe(true);
    expect(isRecorded(new SagaSampler(0), undefined)).toBe(false);
    expect(String(new SagaSampler(0.1))).toBe('SagaSampler{0.1}');
  });
});
