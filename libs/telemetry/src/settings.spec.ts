import { UnsafeSetupError } from '@aura/kernel';
import { telemetrySettings } from './settings';

describe('what the environment says about log and traces', () => {
  test('is, when it says nothing: lines from info on, a tenth of the sagas to OTLP', () => {
    expect(telemetrySettings({})).toEqual({ logLevel: 'info', traces: 'otlp', share: 0.1 });
    expect(telemetrySettings({ AURA_TRACES: '', OTEL_TRACES_EXPORTER: '', AURA_LOG_LEVEL: '' })).toEqual(
      telemetrySettings({}),
    );
    expect(telemetrySettings({}, { share: 1, logLevel: 'warn' })).toEqual({
      logLevel: 'warn',
      traces: 'otlp',
      share: 1,
    });
  });

  test('by our own names wins over everything else', () => {
    const env = {
      AURA_LOG_LEVEL: 'debug',
      AURA_LOG_FORMAT: 'text',
      AURA_TRACES: 'jaeger',
      AURA_TRACES_SAMPLE: '0.5',
      OTEL_TRACES_EXPORTER: 'console',
      OTEL_TRACES_SAMPLER: 'always_on',
    };
    expect(telemetrySettings(env, { share: 1, logLevel: 'warn' })).toEqual({
      logLevel: 'debug',
      logFormat: 'text',
      traces: 'jaeger',
      share: 0.5,
    });
  });

  test.each([
    [{ OTEL_SDK_DISABLED: 'true', AURA_TRACES: 'otlp' }, 'off'],
    [{ OTEL_TRACES_EXPORTER: 'none' }, 'off'],
    [{ OTEL_TRACES_EXPORTER: 'jaeger' }, 'jaeger'],
    [{ OTEL_SDK_DISABLED: 'false' }, 'otlp'],
    [{ AURA_TRACES: 'off' }, 'off'],
  ])('%j means traces go to %s', (env, traces) => {
    expect(telemetrySettings(env).traces).toBe(traces);
  });

  test.each([
    [{ OTEL_TRACES_SAMPLER: 'always_on' }, 1],
    [{ OTEL_TRACES_SAMPLER: 'parentbased_always_off' }, 0],
    [{ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' }, 0.25],
    [{ OTEL_TRACES_SAMPLER: 'traceidratio' }, 1],
    [{ OTEL_TRACES_SAMPLER_ARG: '0.3' }, 0.3],
  ])('%j is a share of %d', (env, share) => {
    expect(telemetrySettings(env).share).toBe(share);
  });

  test.each([
    [{ AURA_TRACES: 'zipkin' }, 'AURA_TRACES'],
    [{ AURA_TRACES_SAMPLE: '12' }, 'AURA_TRACES_SAMPLE'],
    [{ AURA_LOG_LEVEL: 'loud' }, 'AURA_LOG_LEVEL'],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'OTEL_EXPORTER_OTLP_PROTOCOL'],
  ])('%j is refused by name', (env, name) => {
    const read = (): unknown => telemetrySettings(env);
    expect(read).toThrow(UnsafeSetupError);
    expect(read).toThrow(name);
  });
});
