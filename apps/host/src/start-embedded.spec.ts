import { until } from '@aura/messaging/testing';
import { joinAura } from '@aura/socket';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startEmbedded } from './start-embedded';
import { startOnServers } from './start-on-servers';
import { untilActive } from './until-active';

const shell = promisify(execFile);

describe('an embedded Aura', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'aura-host-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('is up with its workflows active, and lets the data go when it stops', async () => {
    for (let round = 1; round <= 2; round++) {
      const aura = await startEmbedded({ dataDir: folder, port: 0 });
      const answer = await fetch(`${aura.url}/api/v1/definitions`);
      expect(JSON.stringify(await answer.json())).toContain('complete_fashion_analysis');
      await aura.stop();
    }
  });

  it('has a line for a shell for each of its workflows, that works', async () => {
    const aura = await startEmbedded({ dataDir: folder, port: 0 });
    const answer = await fetch(`${aura.url}/api/v1/workflows/templates`);
    const { templates } = (await answer.json()) as { readonly templates: readonly Record<string, string>[] };
    expect(templates.map(({ workflow }) => workflow)).toEqual([
      'complete_fashion_analysis',
      'fund_account',
      'quick_style_assessment',
      'release_look',
      'reserve_either_look',
      'reserve_look',
      'reserve_look_in_sequence',
      'stock_wardrobe',
    ]);
    // What is released was reserved before.
    const inTurn = [...templates].sort((one, other) => Number(isRelease(one)) - Number(isRelease(other)));
    for (const { workflow = '', curl = '' } of inTurn) {
      const { stdout } = await shell('sh', ['-c', curl]);
      expect(JSON.parse(stdout)).toMatchObject({ workflow, status: 'completed' });
    }
    await aura.stop();
  });

  it('lets other processes join, and sends them away when it stops', async () => {
    const aura = await startEmbedded({ dataDir: folder, port: 0 });
    const joined = await joinAura({ locate: () => aura.door });
    expect(joined.bus.health().status).toBe('up');
    await aura.stop();
    await until(() => joined.bus.health().status === 'down', 'the end');
    await joined.close();
  });

  it('tells who owns the data, and leaves the owner alone', async () => {
    const owner = await startEmbedded({ dataDir: folder, port: 0 });
    await expect(startEmbedded({ dataDir: folder, port: 0 })).rejects.toMatchObject({ code: 'DATA_IN_USE' });
    expect((await fetch(`${owner.url}/health`)).status).toBe(200);
    await owner.stop();
  });

  it('refuses a folder that is a file', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(startEmbedded({ dataDir: file, port: 0 })).rejects.toThrow();
  });
});

it('an Aura on servers says which servers it does not know', async () => {
  const env = { AURA_RABBITMQ_URL: '', AURA_MONGODB_URL: '', AURA_REDIS_URL: '' };
  await expect(startOnServers({ env })).rejects.toThrow('AURA_RABBITMQ_URL');
});

it('waiting for a workflow that never becomes active ends with its name', async () => {
  const coordinator = { definitions: () => Promise.resolve([]) };
  await expect(untilActive(coordinator, ['nothing'], 50)).rejects.toThrow('nothing');
});

function isRelease({ workflow }: Readonly<Record<string, string>>): boolean {
  return workflow === 'release_look';
}
