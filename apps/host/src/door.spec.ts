import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from './start-embedded';

const TOKEN = 'a-secret-that-is-long-enough';

describe('the door of an embedded Aura', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aura-host-door-'));

  afterAll(() => rmSync(folder, { recursive: true }));

  it('listens for others only when they are asked who they are', async () => {
    const env = { AURA_HOST: '0.0.0.0' };
    await expect(startEmbedded({ dataDir: folder, port: 0, env })).rejects.toMatchObject({
      code: 'UNSAFE_SETUP',
      message: expect.stringContaining('AURA_HOST is "0.0.0.0"'),
    });
    const aura = await startEmbedded({ dataDir: folder, port: 0, env: { ...env, AURA_TOKEN: TOKEN } });
    const url = aura.url.replace('0.0.0.0', '127.0.0.1');
    expect((await fetch(`${url}/api/v1/definitions`)).status).toBe(401);
    const headers = { authorization: `Bearer ${TOKEN}` };
    expect((await fetch(`${url}/api/v1/definitions`, { headers })).status).toBe(200);
    expect((await fetch(`${url}/metrics`)).status).toBe(401);
    await aura.stop();
  });

  it('refuses a setting in a sentence', async () => {
    const start = startEmbedded({ dataDir: folder, port: 0, env: { AURA_TOKEN: 'short' } });
    await expect(start).rejects.toThrow('AURA_TOKEN is a secret of 5 characters');
  });
});
