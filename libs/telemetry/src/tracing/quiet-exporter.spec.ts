import { NO_LOG } from '@aura/kernel';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { QuietExporter } from './quiet-exporter';

type Behaviour = 'fine' | 'failing' | 'throwing' | 'away';

/** An exporter that does as the test says. */
class Scripted implements SpanExporter {
  behaviour: Behaviour = 'fine';
  calls = 0;
  asked = 0;

  readonly isReachable = (): Promise<boolean> => {
    this.asked += 1;
    return Promise.resolve(this.behaviour !== 'away');
  };

  export(_spans: ReadableSpan[], done: Parameters<SpanExporter['export']>[1]): void {
    this.calls += 1;
    if (this.behaviour === 'throwing') throw new Error('broken');
    done(this.behaviour === 'fine' ? { code: 0 } : { code: 1, error: new Error('refused') });
  }

  shutdown(): Promise<void> {
    return this.behaviour === 'fine' ? Promise.resolve() : Promise.reject(new Error('no end'));
  }
}

describe('an exporter that disturbs nobody', () => {
  const scripted = new Scripted();
  const lines: string[] = [];
  const known = { open: () => Promise.resolve(scripted), isReachable: scripted.isReachable };
  const quiet = new QuietExporter(known, { ...NO_LOG, info: (message) => lines.push(message) });

  async function exportAs(behaviour: Behaviour): Promise<number> {
    scripted.behaviour = behaviour;
    return new Promise((resolve) => quiet.export([], ({ code }) => resolve(code)));
  }

  test('asks whether anybody is there until it has worked, and tells of each change once', async () => {
    expect(await exportAs('away')).toBe(1);
    expect(scripted.calls).toBe(0);
    expect(await exportAs('away')).toBe(1);
    expect(lines).toHaveLength(1);
    expect(await exportAs('fine')).toBe(0);
    expect(lines).toHaveLength(2);
    const { asked } = scripted;
    expect(await exportAs('fine')).toBe(0);
    expect(scripted.asked).toBe(asked);
    expect(await exportAs('failing')).toBe(1);
    expect(await exportAs('throwing')).toBe(1);
    expect(lines).toHaveLength(3);
    expect(await exportAs('fine')).toBe(0);
    expect(lines).toHaveLength(4);
    await quiet.forceFlush();
    scripted.behaviour = 'failing';
    await quiet.shutdown();
    expect(lines).toHaveLength(4);
  });

  test('is opened by the first spans that somebody is there for, once, and not at the end of a process that had none', async () => {
    const known = new Scripted();
    let opened = 0;
    const open = (): Promise<SpanExporter> => {
      opened += 1;
      return Promise.resolve(known);
    };
    const idle = new QuietExporter({ open, isReachable: known.isReachable }, NO_LOG);
    await idle.shutdown();
    expect(opened).toBe(0);
    const busy = new QuietExporter({ open, isReachable: known.isReachable }, NO_LOG);
    const tell = (): Promise<number> =>
      new Promise((resolve) => busy.export([], ({ code }) => resolve(code)));
    known.behaviour = 'away';
    expect([await tell(), opened]).toEqual([1, 0]);
    known.behaviour = 'fine';
    expect([await tell(), await tell(), opened]).toEqual([0, 0, 1]);
  });

  test('fails as an export, and is told once, where the exporter cannot be opened', async () => {
    const lines: string[] = [];
    const open = (): Promise<SpanExporter> => Promise.reject(new Error('cannot be loaded'));
    const log = { ...NO_LOG, info: (message: string) => lines.push(message) };
    const broken = new QuietExporter({ open, isReachable: () => Promise.resolve(true) }, log);
    const tell = (): Promise<number> =>
      new Promise((resolve) => broken.export([], ({ code }) => resolve(code)));
    expect([await tell(), await tell(), lines.length]).toEqual([1, 1, 1]);
    await broken.shutdown();
    expect(lines).toHaveLength(1);
  });
});
