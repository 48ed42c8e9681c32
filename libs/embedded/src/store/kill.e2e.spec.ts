import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { openEmbedded } from '../open-embedded';
import { until, watch } from '../testing/bus-watch';
import { consumeOnce, EFFECTS } from '../testing/effect-consumer';
import { TemporaryFolder } from '../testing/temporary-folder';

const RUNS = 8;
const TESTING = join(__dirname, '../testing');
const RUN_TYPESCRIPT = join(TESTING, 'run-typescript.cjs');

function start(script: string, ...args: readonly string[]) {
  const before = ['--conditions=aura-source', '-r', RUN_TYPESCRIPT, join(TESTING, script)];
  return spawn(process.execPath, [...before, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs a writer until some time behind its start, kills it, answers the lines it had said in full. */
async function runAndKill(file: string, run: number, killAfterMs: number): Promise<readonly string[]> {
  const child = start('crash-writer.ts', file, `run${run}`);
  child.stderr.pipe(process.stderr);
  let said = '';
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.once('close', (_, signal) => resolve(signal)),
  );
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    if (!said.includes('ready')) setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    said += chunk;
  });
  expect(await ended).toBe('SIGKILL');
  return said.split('\n').slice(0, -1);
}

/** Ends with what a script of the tests said, and its exit code. */
async function run(
  script: string,
  ...args: readonly string[]
): Promise<{ code: number | null; out: string }> {
  const child = start(script, ...args);
  child.stderr.pipe(process.stderr);
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out };
}

describe('processes that want the same data file at the same moment', () => {
  const folder = new TemporaryFolder();
  afterAll(() => folder.remove());

  it('own it one at a time', async () => {
    const rivals = Array.from({ length: 4 }, () => run('rival-owner.ts', folder.file, '1500'));
    const said = await Promise.all(rivals);
    const owned = said.map(({ out }) => Number(/^owned (\d+)$/m.exec(out)?.[1]));
    expect({ codes: said.map(({ code }) => code), owned: owned.every((times) => times > 0) }).toEqual({
      codes: [0, 0, 0, 0],
      owned: true,
    });
  });
});

describe('a process that is killed while it writes', () => {
  const folder = new TemporaryFolder();
  afterAll(() => folder.remove());

  it('loses nothing that was acknowledged and does nothing twice', async () => {
    const said: string[] = [];
    for (let run = 0; run < RUNS; run++) said.push(...(await runAndKill(folder.file, run, 20 + run * 23)));
    const appended = said.flatMap(
      (line) => /^append (\S+) (\d+) (\S+)$/.exec(line)?.slice(1, 4).join(' ') ?? [],
    );
    const published = said.flatMap((line) => /^publish (\S+)$/.exec(line)?.[1] ?? []);
    expect(published.length).toBeGreaterThan(RUNS * 8);

    const embedded = await openEmbedded({ path: folder.file });
    const journal = embedded.journal('writer');
    const stored: string[] = [];
    for (const stream of Array.from({ length: 8 }, (_, n) => `stream-${n}`)) {
      const rows = await journal.read(stream);
      expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
      stored.push(...rows.map(({ seq, operations }) => `${stream} ${seq} ${operations.join()}`));
    }
    expect(appended.filter((row) => !new Set(stored).has(row))).toEqual([]);

    const effects = new Set(said.flatMap((line) => /^effect (\S+)$/.exec(line)?.[1] ?? []));
    const consumer = await consumeOnce(embedded.bus, journal, 'q', (id) => effects.add(id));
    await until(() => published.every((id) => effects.has(id)), 'an effect of all that was published');
    await consumer.stop(10_000);
    const operations = (await journal.read(EFFECTS)).flatMap((row) => row.operations);
    expect(operations).toHaveLength(new Set(operations).size);
    expect(published.filter((id) => !new Set(operations).has(id))).toEqual([]);
    await embedded.close();
  }, 120_000);

  it('a handler that throws ends its process, and the delivery comes back', async () => {
    const own = new TemporaryFolder();
    const child = start('throwing-consumer.ts', own.file);
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complaint += chunk));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect([code, complaint.includes('the handler broke its word')]).toEqual([1, true]);
    const embedded = await openEmbedded({ path: own.file });
    const { deliveries } = await watch(embedded.bus, 'q', 1);
    await until(() => deliveries.length === 1, 'the delivery');
    expect(deliveries[0]).toMatchObject({ redelivered: true, returns: 1 });
    await embedded.close();
    own.remove();
  });
});
