import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import { HEALTHY, scriptedAura } from '../testing/scripted-aura';
import { scratch } from '../testing/scratch';
import { ExitCode } from '../exit-code';
import { findAnswering, findRunning } from './find-running';
import { DEFAULT_DATA, runFileOf } from './global-options';
import { isAlive, readRunFile, removeRunFile, writeRunFile } from './run-file';

const { folder } = scratch();
const runFile = join(folder, 'deep', 'run.json');
const deadPid = spawnSync(process.execPath, ['-e', '']).pid;

describe('a run file', () => {
  it('stands beside default data, wherever one asks, and inside any other', () => {
    expect(runFileOf(DEFAULT_DATA, '/home/a')).toBe(resolve('/home/a/.aura/run.json'));
    expect(runFileOf('/home/a/.aura/data', '/home/a')).toBe(resolve('/home/a/.aura/run.json'));
    expect(runFileOf('/home/a/.aura/data', '/elsewhere')).toBe(resolve('/home/a/.aura/run.json'));
    expect(runFileOf('../a/.aura/data/', '/home/b')).toBe(resolve('/home/a/.aura/run.json'));
    expect(runFileOf('/srv/data', '/home/a')).toBe(resolve('/srv/data/run.json'));
    expect(runFileOf('other', '/home/a')).toBe(resolve('/home/a/other/run.json'));
  });

  it('is taken back by whom it names alone', () => {
    writeRunFile(runFile, { pid: process.pid, url: 'http://127.0.0.1:1' });
    removeRunFile(runFile, process.pid + 1);
    expect(readRunFile(runFile)).toEqual({ pid: process.pid, url: 'http://127.0.0.1:1' });
    removeRunFile(runFile, process.pid);
    expect(existsSync(runFile)).toBe(false);
  });

  it('that is broken or strange announces nobody', () => {
    mkdirSync(join(folder, 'deep'), { recursive: true });
    for (const text of ['', '{"pid":', '{"pid":0,"url":"x"}', '[]']) {
      writeFileSync(runFile, text);
      expect(readRunFile(runFile)).toBeUndefined();
    }
  });
});

describe('a running Aura', () => {
  it('is found when its process lives and its health answers', async () => {
    const server = await scriptedAura(HEALTHY);
    writeRunFile(runFile, { pid: process.pid, url: server.url });
    expect(await findRunning(runFile)).toMatchObject({ pid: process.pid, url: server.url });
    expect(existsSync(runFile)).toBe(true);
    await server.close();
  });

  it('is forgotten when its process is dead, though somebody answers there', async () => {
    const server = await scriptedAura(HEALTHY);
    writeRunFile(runFile, { pid: deadPid, url: server.url });
    expect(isAlive(deadPid)).toBe(false);
    expect(await findRunning(runFile)).toBeUndefined();
    expect(existsSync(runFile)).toBe(false);
    expect(server.seen).toEqual([]);
    await server.close();
  });

  it('is forgotten when nobody, or somebody else, answers there', async () => {
    const server = await scriptedAura({ 'GET /health': { body: { status: 'green' } } });
    writeRunFile(runFile, { pid: process.pid, url: server.url });
    expect(await findRunning(runFile)).toBeUndefined();
    await server.close();
    writeRunFile(runFile, { pid: process.pid, url: server.url });
    expect(await findRunning(runFile)).toBeUndefined();
    expect(existsSync(runFile)).toBe(false);
  });
});

describe('an Aura whose processes are kept alive', () => {
  const kept = (url?: string) => ({
    pid: process.pid,
    ground: 'servers' as const,
    seenAt: Date.now(),
    ...(url === undefined ? {} : { url }),
  });

  it.each([
    ['that nobody answers at', 'http://127.0.0.1:1'],
    ['that is not known yet', undefined],
  ])('is not replaced while it has a coordinator %s, and stays announced', async (_which, url) => {
    writeRunFile(runFile, kept(url));
    const told: string[] = [];
    await expect(findAnswering(runFile, (line) => told.push(line), 300)).rejects.toMatchObject({
      message: expect.stringContaining('its coordinator does not answer') as string,
      exitCode: ExitCode.UNREACHABLE,
    });
    expect(told).toEqual([`Aura is up (process ${process.pid}); waiting for its coordinator.`]);
    expect(existsSync(runFile)).toBe(true);
  });

  it('is waited for while its coordinator starts again', async () => {
    writeRunFile(runFile, kept());
    const server = await scriptedAura(HEALTHY);
    const finding = findAnswering(runFile, () => undefined);
    writeRunFile(runFile, kept(server.url));
    expect(await finding).toMatchObject({ url: server.url });
    await server.close();
  });

  it('is no more when its keeper is dead, or has said nothing for long', async () => {
    const tell = (line: string): never => {
      throw new Error(line);
    };
    for (const record of [
      { ...kept(), pid: deadPid },
      { ...kept(), seenAt: Date.now() - 60_000 },
    ]) {
      writeRunFile(runFile, record);
      expect(await findAnswering(runFile, tell)).toBeUndefined();
      expect(existsSync(runFile)).toBe(false);
    }
  });
});
