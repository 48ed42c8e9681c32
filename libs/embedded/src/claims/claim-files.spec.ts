import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedHarness } from '../testing/embedded-harness';

describe('the folder of payloads', () => {
  let harness: EmbeddedHarness;
  beforeEach(async () => (harness = await EmbeddedHarness.open()));
  afterEach(() => harness.close());

  const fileOf = (digest: string) =>
    join(harness.folder.path, 'claims', digest.slice(7, 9), digest.slice('sha256:'.length));

  it('holds each payload as it is, under its digest, and nothing half written', async () => {
    const digest = await harness.embedded.claims.put(Buffer.from('hello'), 'text/plain');
    expect(digest).toBe('sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824');
    expect(existsSync(fileOf(digest))).toBe(true);
    expect(readdirSync(join(harness.folder.path, 'claims', 'tmp'))).toEqual([]);
  });

  it('is cleared of what a dead process left half written', async () => {
    const aside = join(harness.folder.path, 'claims', 'tmp', 'half');
    writeFileSync(aside, 'ha');
    await harness.reopen();
    expect(existsSync(aside)).toBe(false);
  });

  it('a file that a kill left without its row is put again', async () => {
    const digest = await harness.embedded.claims.put(Buffer.from('kept'), 'text/plain');
    const other = await EmbeddedHarness.open();
    writeFileSync(join(other.folder.path, 'claims', 'tmp', 'x'), '');
    expect(await other.embedded.claims.put(Buffer.from('kept'), 'text/plain')).toBe(digest);
    expect(await other.embedded.claims.put(Buffer.from('kept'), 'text/html')).toBe(digest);
    expect((await other.embedded.claims.get(digest))?.contentType).toBe('text/plain');
    await other.close();
  });

  it('a payload whose file is gone is said to be unavailable', async () => {
    const digest = await harness.embedded.claims.put(Buffer.from('gone'), 'text/plain');
    rmSync(fileOf(digest));
    await expect(harness.embedded.claims.get(digest)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});
