import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedRuntime } from '@aura/nest';
import type { AuraRuntime } from '@aura/nest';
import { startCoordinatorProcess } from './coordinator-process';
import type { CoordinatorProcess } from './coordinator-process';
import { execute, problemOf } from './http/testing/ask';
import { readFile } from 'node:fs/promises';
import { builtInFolder } from './built-in-definitions';

const EXECUTE = '/api/v1/workflows/execute';

describe('a coordinator whose services are not there yet', () => {
  let folder: string;
  let runtime: AuraRuntime;
  let running: CoordinatorProcess;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aura-process-'));
    const log = (): void => undefined;
    runtime = await openEmbeddedRuntime({ dataDir: folder, log });
    running = await startCoordinatorProcess(runtime, { port: 0, log, http: { participantsMs: 300 } });
  });

  afterAll(async () => {
    await running.stop();
    await runtime.close();
    await rm(folder, { recursive: true });
  });

  it('names after a wait which actions nobody offers, for what ships with it', async () => {
    for (const path of [EXECUTE, `${EXECUTE}/async`]) {
      const since = performance.now();
      const request = execute({ workflow: 'complete_fashion_analysis', input: { image: 'sha256:00' } });
      const refused = await problemOf(running, path, request);
      expect(refused).toMatchObject({ status: 409, code: 'NOT_ACTIVE' });
      expect(refused.waitsFor?.join('\n')).toContain('analyse-image');
      expect(refused.detail).toContain('understand-query');
      expect(performance.now() - since).toBeGreaterThan(290);
    }
  });

  it('says at once that it does not know any other', async () => {
    const refused = await problemOf(running, EXECUTE, execute({ workflow: 'dance' }));
    expect(refused).toMatchObject({ status: 404, code: 'UNKNOWN_WORKFLOW' });
  });

  it('keeps the pictures that the examples of its workflows name', async () => {
    for (const name of ['complete_fashion_analysis', 'quick_style_assessment']) {
      const text = await readFile(join(builtInFolder(), `${name}.yaml`), 'utf8');
      const [digest = ''] = /sha256:[0-9a-f]{64}/.exec(text.slice(text.indexOf('\nexample:'))) ?? [];
      expect(await runtime.claims.has(digest)).toBe(true);
    }
  });
});
