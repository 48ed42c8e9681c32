import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UnsafeSetupError } from '@aura/kernel';
import { journalReaderConformance, sampleRow } from '@aura/kernel/testing';
import { openEmbedded } from '../open-embedded';
import { openEmbeddedReader } from '../open-embedded-reader';
import type { EmbeddedReader } from '../open-embedded-reader';
import { one } from '../sqlite/columns';
import { openDatabase } from '../sqlite/driver';
import { EmbeddedHarness } from '../testing/embedded-harness';
import { TemporaryFolder } from '../testing/temporary-folder';

journalReaderConformance('SQLite', async () => {
  const harness = await EmbeddedHarness.open();
  const readers: EmbeddedReader[] = [];
  return {
    journal: (namespace) => harness.embedded.journal(namespace),
    reader: async (namespace) => {
      const reader = openEmbeddedReader({ path: harness.folder.file, frozen: false });
      readers.push(reader);
      return reader.journal(namespace);
    },
    reopen: () => harness.reopen(),
    close: async () => {
      readers.forEach((reader) => reader.close());
      await harness.close();
    },
  };
});

describe('a reader of a data file', () => {
  let folder: TemporaryFolder;
  beforeEach(() => (folder = new TemporaryFolder()));
  afterEach(() => folder.remove());

  async function written(): Promise<void> {
    const embedded = await openEmbedded({ path: folder.file });
    await embedded.journal('bank').append([sampleRow({ stream: 'a' })]);
    await embedded.close();
  }

  it('sees one moment, whatever is written behind it', async () => {
    const embedded = await openEmbedded({ path: folder.file });
    await embedded.journal('bank').append([sampleRow({ stream: 'a' })]);
    const reader = openEmbeddedReader({ path: folder.file });
    expect(await reader.namespaces()).toEqual(['bank']);
    await embedded.journal('bank').append([sampleRow({ stream: 'b' })]);
    await embedded.journal('shop').append([sampleRow({ stream: 'c' })]);
    expect(await reader.namespaces()).toEqual(['bank']);
    expect(await reader.journal('bank').page({ limit: 9 })).toEqual([[sampleRow({ stream: 'a' })]]);
    expect(await reader.journal('shop').page({ limit: 9 })).toEqual([]);
    reader.close();
    await embedded.close();
  });

  it('needs no owner, and leaves the file free for the next one', async () => {
    await written();
    const reader = openEmbeddedReader({ path: folder.file });
    expect(await reader.journal('bank').page({ limit: 9 })).toHaveLength(1);
    const next = await openEmbedded({ path: folder.file });
    await next.journal('bank').append([sampleRow({ stream: 'b' })]);
    reader.close();
    await next.close();
  });

  it('reads what a killed owner left behind', async () => {
    const harness = await EmbeddedHarness.open({}, folder);
    await harness.embedded.journal('bank').append([sampleRow({ stream: 'a' })]);
    const image = folder.crashImage();
    const reader = openEmbeddedReader({ path: image.file });
    expect(await reader.journal('bank').page({ limit: 9 })).toEqual([[sampleRow({ stream: 'a' })]]);
    reader.close();
    image.remove();
    await harness.embedded.close();
  });

  it('reads a file of an older version as it is, and leaves it so', async () => {
    await written();
    const version = (set = ''): unknown => {
      const database = openDatabase(folder.file);
      const row =
        one(database.prepare(`PRAGMA user_version ${set}`)) ?? one(database.prepare('PRAGMA user_version'));
      database.close();
      return row?.['user_version'];
    };
    version('= 1');
    const reader = openEmbeddedReader({ path: folder.file });
    expect(await reader.namespaces()).toContain('bank');
    reader.close();
    expect(version()).toBe(1);
  });

  it('refuses a file that is not there, is none of ours, or has another schema', async () => {
    const missing = join(folder.file, '..', 'missing.db');
    expect(() => openEmbeddedReader({ path: missing })).toThrow(UnsafeSetupError);
    const foreign = join(folder.file, '..', 'foreign.db');
    writeFileSync(foreign, 'nothing that SQLite would know'.repeat(99));
    expect(() => openEmbeddedReader({ path: foreign })).toThrow('cannot be read');
    await written();
    const database = openDatabase(folder.file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => openEmbeddedReader({ path: folder.file })).toThrow('has schema version 99');
  });

  it('says that it cannot read when the file is closed', async () => {
    await written();
    const reader = openEmbeddedReader({ path: folder.file });
    const journal = reader.journal('bank');
    reader.close();
    await expect(journal.page({ limit: 9 })).rejects.toThrow();
  });
});
