import { writeFileSync } from 'node:fs';
import { isAuraError, UnsafeSetupError } from '@aura/kernel';
import { integer, one } from '../sqlite/columns';
import { openDatabase } from '../sqlite/driver';
import { SCHEMA_VERSION } from '../sqlite/schema';
import { TemporaryFolder } from '../testing/temporary-folder';
import { EmbeddedStore } from './embedded-store';
import { parseSettings } from './options';

function refusalOf(open: () => unknown): unknown {
  try {
    open();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('the data file', () => {
  let folder: TemporaryFolder;
  beforeEach(() => (folder = new TemporaryFolder()));
  afterEach(() => folder.remove());

  it('is written ahead and synchronised in full, and has the newest schema', async () => {
    const store = EmbeddedStore.open(folder.file);
    const pragma = (name: string) => one(store.database.prepare(`PRAGMA ${name}`))?.[name];
    expect(['journal_mode', 'synchronous', 'user_version'].map(pragma)).toEqual(['wal', 2, SCHEMA_VERSION]);
    await store.close();
  });

  it('has one owner, who is named; closing lets the next one in', async () => {
    const first = EmbeddedStore.open(folder.file);
    const refusal = refusalOf(() => EmbeddedStore.open(folder.file));
    expect(isAuraError(refusal) && [refusal.code, refusal.details, refusal.message]).toEqual([
      'DATA_IN_USE',
      { pid: process.pid },
      `${folder.file} is in use by process ${process.pid}`,
    ]);
    await first.close();
    await first.close();
    await EmbeddedStore.open(folder.file).close();
  });

  it('a newer schema is refused, and the lock given back', async () => {
    await EmbeddedStore.open(folder.file).close();
    const database = openDatabase(folder.file);
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    database.close();
    for (let tries = 0; tries < 2; tries++) {
      const refusal = refusalOf(() => EmbeddedStore.open(folder.file));
      expect(refusal).toBeInstanceOf(UnsafeSetupError);
      expect(refusal).toMatchObject({
        message: `${folder.file} has schema version ${SCHEMA_VERSION + 1}; this Aura knows versions up to ${SCHEMA_VERSION}`,
      });
    }
  });

  it('an older schema is led forward', async () => {
    openDatabase(folder.file).close();
    const store = EmbeddedStore.open(folder.file);
    const row = one(store.database.prepare("SELECT COUNT(*) AS n FROM sqlite_schema WHERE name = 'journal'"));
    expect(row && integer(row, 'n')).toBe(1);
    await store.close();
  });

  it('of the version that did not see who owns it is led forward with what it holds, which keeps that version out', async () => {
    const before = EmbeddedStore.open(folder.file);
    const number = before.namespace('kept');
    before.database.exec('PRAGMA user_version = 1');
    await before.close();
    const store = EmbeddedStore.open(folder.file);
    const row = one(store.database.prepare('PRAGMA user_version'));
    expect([row && integer(row, 'user_version'), store.namespace('kept')]).toEqual([SCHEMA_VERSION, number]);
    expect(SCHEMA_VERSION).toBeGreaterThan(1);
    await store.close();
  });

  it('in a folder that cannot be made is refused, with what to do', () => {
    writeFileSync(`${folder.path}/file`, '');
    const below = `${folder.path}/file/data`;
    const refusal = refusalOf(() => EmbeddedStore.open(`${below}/aura.db`));
    expect(refusal).toBeInstanceOf(UnsafeSetupError);
    expect(isAuraError(refusal) && [refusal.message, refusal.help]).toEqual([
      expect.stringContaining(`the data folder ${below} cannot be made: Error: ENOTDIR`),
      'Make it yourself, for the user that Aura runs as, or give another one.',
    ]);
  });

  it('a file of something else is refused', () => {
    writeFileSync(folder.file, 'This is no database, however long it is. '.repeat(200));
    const refusal = refusalOf(() => EmbeddedStore.open(folder.file));
    expect(isAuraError(refusal) && [refusal.code, refusal.message]).toEqual([
      'UNSAFE_SETUP',
      `${folder.file} cannot be used: file is not a database`,
    ]);
  });

  it('a closed store says so', async () => {
    const store = EmbeddedStore.open(folder.file);
    await store.close();
    await expect(store.read(() => 1)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(store.commits.run(() => 1)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it.each([
    [{ path: ':memory:' }, 'path'],
    [{ path: '' }, 'path'],
    [{ path: 'x.db', maxClaimBytes: 0 }, 'maxClaimBytes'],
    [{ path: 'x.db', window: 3 }, 'window'],
  ])('settings %j are refused by name', (settings, name) => {
    const refusal = refusalOf(() => parseSettings(settings));
    expect(refusal).toBeInstanceOf(UnsafeSetupError);
    expect(isAuraError(refusal) && refusal.message).toContain(name);
  });
});
