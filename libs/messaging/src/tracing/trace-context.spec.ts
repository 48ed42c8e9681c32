import { trace } from '@opentelemetry/api';
import { isSampled, parentContext, spanContextOf, traceContextOf, traceIdOf } from './trace-context';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const context = (flags: string): string => `00-${TRACE}-${SPAN}-${flags}`;

describe('a trace context', () => {
  test.each(['01', '03', '05', '07', '09', '0b', '0d', '0f', 'ff', '11'])(
    'is sampled with flags %s',
    (flags) => {
      expect(isSampled(context(flags))).toBe(true);
    },
  );

  test.each(['00', '02', '04', '06', '08', '0a', '0c', '0e', 'fe'])(
    'is not sampled with flags %s',
    (flags) => {
      expect(isSampled(context(flags))).toBe(false);
    },
  );

  test('that is none is not sampled', () => {
    expect([undefined, '', 'garbage', `00-${TRACE}`, `00-${TRACE}-${SPAN}-0:`].map(isSampled)).toEqual(
      Array.from({ length: 5 }, () => false),
    );
  });

  test('is read, whatever its version, and told again', () => {
    const known = spanContextOf({ traceparent: context('01'), tracestate: 'a=1,b=2' });
    expect(known).toMatchObject({ traceId: TRACE, spanId: SPAN, traceFlags: 1, isRemote: true });
    expect(known?.traceState?.get('b')).toBe('2');
    expect(spanContextOf({ traceparent: `cc-${TRACE}-${SPAN}-00-more` })).toMatchObject({ traceFlags: 0 });
    expect(traceIdOf(context('00'))).toBe(TRACE);
    const parent = trace.getSpan(parentContext({ traceparent: context('01'), tracestate: 'a=1' }));
    expect(parent && traceContextOf(parent)).toEqual({ traceparent: context('01'), tracestate: 'a=1' });
    const plain = trace.getSpan(parentContext({ traceparent: context('00') }));
    expect(plain && traceContextOf(plain)).toEqual({ traceparent: context('00') });
  });

  test.each([
    undefined,
    '',
    'garbage',
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `01-${TRACE}-${SPAN}-011`,
  ])('%s is none', (traceparent) => {
    const given = traceparent === undefined ? {} : { traceparent };
    expect(spanContextOf(given)).toBeUndefined();
    expect(trace.getSpan(parentContext(given))).toBeUndefined();
  });

  test('of a span without tracing is nothing', () => {
    expect(traceContextOf(trace.getTracer('none').startSpan('x'))).toEqual({});
    expect(traceIdOf(undefined)).toBeUndefined();
    expect(traceIdOf('garbage')).toBeUndefined();
  });
});
