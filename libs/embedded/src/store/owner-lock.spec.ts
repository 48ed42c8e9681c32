import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { isAuraError } from '@aura/kernel';
import { TemporaryFolder } from '../testing/temporary-folder';
import { takeOwnerLock } from './owner-lock';

describe('the lock of a data file', () => {
  let folder: TemporaryFolder;
  beforeEach(() => (folder = new TemporaryFolder()));
  afterEach(() => folder.remove());

  const refusal = (): unknown => {
    try {
      takeOwnerLock(folder.file);
    } catch (error) {
      return isAuraError(error) ? { code: error.code, message: error.message, ...error.details } : error;
    }
    return undefined;
  };

  it('names its owner as soon as that has said who it is', () => {
    const lock = takeOwnerLock(folder.file);
    expect(refusal()).toEqual({
      code: 'DATA_IN_USE',
      message: `${folder.file} is in use by process ${process.pid}`,
      pid: process.pid,
    });
    writeFileSync(`${folder.file}.owner`, '');
    expect(refusal()).toEqual({
      code: 'DATA_IN_USE',
      message: `${folder.file} is in use by another process`,
    });
    lock.release();
    takeOwnerLock(folder.file).release();
  });

  it('is free when only the name of its owner was left behind', () => {
    writeFileSync(`${folder.file}.owner`, '1\n');
    const lock = takeOwnerLock(folder.file);
    expect(readFileSync(`${folder.file}.owner`, 'utf8')).toBe(`${process.pid}\n`);
    lock.release();
  });

  it('is refused, with what to do, where something else stands in its place', () => {
    writeFileSync(`${folder.file}.lock`, '{"pid":1,"began":null}');
    expect(refusal()).toEqual({
      code: 'UNSAFE_SETUP',
      message: `${folder.file}.lock cannot be used: file is not a database`,
    });
  });

  it('is refused, with what to do, where its owner cannot say who it is, and is free again then', () => {
    const owner = `${folder.file}.owner`;
    mkdirSync(owner);
    expect(() => takeOwnerLock(folder.file)).toThrow(
      expect.objectContaining({
        code: 'UNSAFE_SETUP',
        message: expect.stringMatching(new RegExp(`^${owner} cannot be written: Error: EISDIR`)) as string,
        help: expect.stringContaining(`${folder.path} may be written, and has room`) as string,
      }) as Error,
    );
    rmdirSync(owner);
    takeOwnerLock(folder.file).release();
  });
});
