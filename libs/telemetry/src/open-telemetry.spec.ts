import { openTelemetry } from './open-telemetry';
import type { TelemetryOptions } from './open-telemetry';

interface Opened {
  readonly telemetry: ReturnType<typeof openTelemetry>;
  readonly lines: readonly string[];
}

function opened(env: TelemetryOptions['env'], isTTY = false): Opened {
  const lines: string[] = [];
  const telemetry = openTelemetry({
    service: 'nlu',
    instance: 'n1',
    env: { AURA_TRACES: 'off', ...env },
    out: { ...(isTTY ? { isTTY } : {}), write: (line: string) => lines.push(line) },
  });
  return { telemetry, lines };
}

describe('what a process tells', () => {
  test.each([
    [true, {}, '\u001b['],
    [true, { NO_COLOR: '1' }, 'INFO: hello'],
    [true, { AURA_LOG_FORMAT: 'json' }, '"msg":"hello"'],
    [false, { AURA_LOG_FORMAT: 'text' }, 'INFO: hello'],
    [false, {}, '"instance":"n1"'],
  ])('is read by those who look on: terminal %s with %j', async (isTTY, env, expected) => {
    const { telemetry, lines } = opened(env, isTTY);
    telemetry.log.info('hello');
    await telemetry.close();
    expect(lines.join('')).toContain(expected);
  });

  test('is numbers as well, those of the process among them', async () => {
    const { telemetry } = opened({});
    telemetry.meter.counter('aura_retries_total', { consumer: 'nlu' }).add();
    const { text } = await telemetry.metrics();
    await telemetry.close();
    expect(text).toContain('aura_retries_total{consumer="nlu"} 1');
    expect(text).toContain('process_cpu_seconds_total');
  });

  test('has a level', async () => {
    const { telemetry, lines } = opened({ AURA_LOG_LEVEL: 'error' });
    telemetry.log.warn('a');
    await telemetry.close();
    expect(lines).toEqual([]);
  });
});
