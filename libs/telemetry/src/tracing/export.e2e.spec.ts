import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { Collector } from '../testing/collector';
import { portListens } from './port-listens';

const TYPESCRIPT = join(__dirname, '../../../embedded/src/testing/run-typescript.cjs');
const PROGRAM = join(__dirname, '../testing/traced-process.ts');

interface Ended {
  readonly code: number;
  readonly stdout: string;
  /** Messages of its log. */
  readonly said: readonly string[];
  readonly ms: number;
}

/** Runs the process with one span to its end. */
function run(env: Readonly<Record<string, string>>): Promise<Ended> {
  const begun = performance.now();
  const args = ['--conditions=aura-source', '-r', TYPESCRIPT, PROGRAM];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { env: { PATH: process.env['PATH'], ...env } },
      (error, stdout, stderr) => {
        const lines = stderr.split('\n').filter((line) => line.startsWith('{'));
        const said = lines.map((line) => (JSON.parse(line) as { readonly msg: string }).msg);
        const code = error === null ? 0 : Number(error.code);
        resolve({ code, stdout, said, ms: performance.now() - begun });
      },
    );
  });
}

const LOST = 'traces cannot be exported; spans are dropped until that works';

describe('the export of spans', () => {
  let collector: Collector;
  let url: string;

  beforeEach(async () => {
    collector = new Collector();
    url = await collector.listen();
  });
  afterEach(() => collector.close());

  test('goes by OTLP to the endpoint that OpenTelemetry names, with service and instance', async () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=lab',
    };
    expect(await run(env)).toMatchObject({ code: 0, said: ['done'] });
    expect(collector.taken.map(({ path }) => path)).toEqual(['/v1/traces']);
    for (const word of ['analyse-image', 'nlu', 'nlu-1', 'lab', 'service.name'])
      expect(collector.taken[0]?.text).toContain(word);
  });

  test('goes to Jaeger in its own words where that is asked for', async () => {
    const env = { AURA_TRACES: 'jaeger', OTEL_EXPORTER_JAEGER_ENDPOINT: `${url}/api/traces` };
    expect(await run(env)).toMatchObject({ code: 0, said: ['done'] });
    expect(collector.taken[0]?.path).toContain('/api/traces');
    expect(collector.taken[0]?.text).toContain('analyse-image');
  });

  test('goes to Jaeger without an endpoint as well, where nobody can be missed', async () => {
    expect(await run({ AURA_TRACES: 'jaeger' })).toMatchObject({ code: 0 });
  });

  test('goes to the console where that is asked for', async () => {
    expect((await run({ AURA_TRACES: 'console' })).stdout).toContain("name: 'analyse-image'");
  });

  test.each([
    { AURA_TRACES: 'off' },
    { OTEL_SDK_DISABLED: 'true' },
    { OTEL_TRACES_EXPORTER: 'none' },
    { AURA_TRACES_SAMPLE: '0' },
  ])('is nothing with %j', async (env) => {
    expect(await run({ OTEL_EXPORTER_OTLP_ENDPOINT: url, ...env })).toMatchObject({
      code: 0,
      said: ['done'],
    });
    expect(collector.taken).toEqual([]);
  });

  test('that meets nobody is told once, and neither disturbs nor holds the process up', async () => {
    await collector.close();
    const ended = await run({ OTEL_EXPORTER_OTLP_ENDPOINT: url });
    expect(ended).toMatchObject({ code: 0, said: ['done', LOST] });
    expect(ended.ms).toBeLessThan(8000);
    collector = new Collector();
    url = await collector.listen();
  });

  test('that is refused is told once', async () => {
    collector.status = 400;
    expect(await run({ OTEL_EXPORTER_OTLP_ENDPOINT: url })).toMatchObject({ code: 0, said: ['done', LOST] });
    expect(collector.taken).toHaveLength(1);
  });
});

describe('whether somebody listens', () => {
  test('is known by knocking, and assumed where the URL says nothing', async () => {
    const collector = new Collector();
    const url = await collector.listen();
    expect(await portListens(url)).toBe(true);
    await collector.close();
    expect(await portListens(url)).toBe(false);
    expect(await portListens('no url')).toBe(true);
  });
});
