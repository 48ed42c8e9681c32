import { NO_LOG } from '@aura/kernel';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { KnownExporter } from './exporters';
import { QuietExporter } from './quiet-exporter';

type Behaviour = 'fine' | 'failing' | 'throwing' | 'away';

/** An exporter that does as the test says. */
class Scripted implements SpanExporter {
  behaviour: Behaviour = 'fine';
  calls = 0;
  asked = 0;
  shut = 0;

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
    this.shut += 1;
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

  test('is opened anew by the next spans where that failed, and is told of once more when it works', async () => {
    const lines: string[] = [];
    const known = new Scripted();
    let opened = 0;
    const open = (): Promise<SpanExporter> => {
      opened += 1;
      return opened < 3 ? Promise.reject(new Error('cannot be loaded')) : Promise.resolve(known);
    };
    const log = { ...NO_LOG, info: (message: string) => lines.push(message) };
    const mended = new QuietExporter({ open, isReachable: known.isReachable }, log);
    const tell = (): Promise<number> =>
      new Promise((resolve) => mended.export([], ({ code }) => resolve(code)));
    expect([await tell(), opened]).toEqual([1, 1]);
    expect(await Promise.all([tell(), tell()])).toEqual([1, 1]);
    expect(opened).toBe(2);
    expect([await tell(), await tell(), opened, known.calls]).toEqual([0, 0, 3, 2]);
    expect(lines).toEqual([
      'traces cannot be exported; spans are dropped until that works',
      'traces are exported again',
    ]);
  });

  describe('whose process ends while spans are on their way', () => {
    /** An answer that the test gives when it likes. */
    function answerable<T>(): { readonly answer: Promise<T>; readonly give: (value: T) => void } {
      let give: (value: T) => void = () => undefined;
      const answer = new Promise<T>((resolve) => (give = resolve));
      return { answer, give };
    }

    function ending(parts: Partial<KnownExporter>) {
      const known = new Scripted();
      const lines: string[] = [];
      const open = jest.fn(() => Promise.resolve<SpanExporter>(known));
      const log = { ...NO_LOG, info: (message: string) => lines.push(message) };
      const quiet = new QuietExporter({ open, isReachable: known.isReachable, ...parts }, log);
      const result = new Promise<number>((resolve) => quiet.export([], ({ code }) => resolve(code)));
      return { known, open, quiet, result, lines };
    }

    test('is opened for them, and shut behind them', async () => {
      const { answer, give } = answerable<boolean>();
      const { known, open, quiet, result } = ending({ isReachable: () => answer });
      const shutting = quiet.shutdown();
      give(true);
      await shutting;
      expect([await result, open.mock.calls.length, known.calls, known.shut]).toEqual([0, 1, 1, 1]);
    });

    test('is shut behind the first of them, too, where later ones get there before', async () => {
      const { answer, give } = answerable<boolean>();
      const isReachable = jest.fn(() => Promise.resolve(true)).mockReturnValueOnce(answer);
      const { known, quiet, result } = ending({ isReachable });
      const later = new Promise<number>((resolve) => quiet.export([], ({ code }) => resolve(code)));
      const shutting = quiet.shutdown();
      expect([await later, known.shut]).toEqual([0, 0]);
      await new Promise((resolve) => setImmediate(resolve));
      expect(known.shut).toBe(0);
      give(true);
      await shutting;
      expect([await result, known.calls, known.shut]).toEqual([0, 2, 1]);
    });

    test('is not opened for what comes afterwards', async () => {
      const { known, quiet, result } = ending({});
      await quiet.shutdown();
      const late = new Promise<number>((resolve) => quiet.export([], ({ code }) => resolve(code)));
      expect([await result, await late, known.calls, known.shut]).toEqual([0, 1, 1, 1]);
    });

    test('is shut when it opens late, behind what it was opened for', async () => {
      const { answer, give } = answerable<SpanExporter>();
      const opening = answerable<void>();
      const { known, quiet, result } = ending({ open: () => (opening.give(), answer) });
      await opening.answer;
      const shutting = quiet.shutdown();
      give(known);
      await shutting;
      expect([await result, known.calls, known.shut]).toEqual([0, 1, 1]);
    });

    test('ends in peace where its opening fails meanwhile', async () => {
      const opening = answerable<void>();
      const failing = answerable<SpanExporter>();
      const { quiet, result, lines } = ending({
        open: () => (
          opening.give(),
          failing.answer.then(() => Promise.reject(new Error('cannot be loaded')))
        ),
      });
      await opening.answer;
      const shutting = quiet.shutdown();
      failing.give(new Scripted());
      await shutting;
      expect([await result, lines]).toEqual([1, []]);
    });
  });
});
