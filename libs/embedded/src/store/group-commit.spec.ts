import { BusinessError, StoreUnavailableError } from '@aura/kernel';
import { integer, one } from '../sqlite/columns';
import { openDatabase } from '../sqlite/driver';
import { TemporaryFolder } from '../testing/temporary-folder';
import { GroupCommit, type TurnMember } from './group-commit';

class CountingMember implements TurnMember {
  commits = 0;
  rollbacks = 0;
  readonly outcomes: (string | undefined)[] = [];

  beforeCommit(): void {
    if (this.commits < 0) throw new Error('never');
  }
  committed(): void {
    this.commits += 1;
  }
  rolledBack(): void {
    this.rollbacks += 1;
  }
  outcome(error: StoreUnavailableError | undefined): void {
    this.outcomes.push(error?.code);
  }
}

describe('group commit', () => {
  const folder = new TemporaryFolder();
  const database = openDatabase(folder.file);
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT UNIQUE)');
  const commits = new GroupCommit(database);
  const member = new CountingMember();
  commits.join(member);
  const insert = database.prepare('INSERT INTO t (x) VALUES (?)');
  const count = database.prepare('SELECT COUNT(*) AS n FROM t WHERE x LIKE ?');
  const rows = (like: string) => integer(one(count, like) ?? {}, 'n');

  beforeEach(() => {
    member.commits = 0;
    member.rollbacks = 0;
    member.outcomes.length = 0;
  });

  afterAll(() => {
    database.close();
    folder.remove();
  });

  it('writes the operations of one turn in one transaction, in order', async () => {
    const order: number[] = [];
    const values = await Promise.all([1, 2, 3].map((n) => commits.run(() => order.push(n) + n)));
    expect([values, order, member.commits]).toEqual([[2, 4, 6], [1, 2, 3], 1]);
  });

  it('settles a promise behind the commit: what follows it falls into a later transaction', async () => {
    let open: boolean | undefined;
    await commits.run(() => insert.run('first')).then(() => (open = database.isTransaction));
    await commits.run(() => insert.run('second'));
    expect([open, member.commits]).toEqual([false, 2]);
  });

  it('an error of Aura or a TypeError fails its own operation alone', async () => {
    const refusal = new BusinessError('no', { code: 'NO', help: 'none' });
    const results = await Promise.allSettled([
      commits.run(() => insert.run('beside 1')),
      commits.run(() => {
        throw refusal;
      }),
      commits.run(() => {
        throw new TypeError('wrong');
      }),
      commits.run(() => insert.run('beside 2')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(results[1]).toEqual({ status: 'rejected', reason: refusal });
    expect([rows('beside%'), member.commits, member.rollbacks]).toEqual([2, 1, 0]);
  });

  it('a failing statement fails its own operation alone and leaves nothing of it', async () => {
    await commits.run(() => insert.run('taken'));
    const results = await Promise.allSettled([
      commits.run(() => insert.run('neighbour 1')),
      commits.run(() => {
        insert.run('half');
        insert.run('taken');
      }),
      commits.run(() => insert.run('neighbour 2')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const [, failed] = results;
    expect(failed?.status === 'rejected' && failed.reason).toBeInstanceOf(StoreUnavailableError);
    expect([rows('neighbour%'), rows('half')]).toEqual([2, 0]);
    expect(member.outcomes.slice(1)).toEqual([undefined, 'STORE_UNAVAILABLE', undefined]);
  });

  it('a full disk fails the whole turn, leaves nothing of it, and the next turn works again', async () => {
    const pages = integer(one(database.prepare('PRAGMA page_count')) ?? {}, 'page_count');
    database.exec(`PRAGMA max_page_count = ${pages + 4}`);
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => commits.run(() => insert.run(`full ${n}${'x'.repeat(3000)}`))),
    );
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect([rows('full%'), member.commits, member.rollbacks]).toEqual([0, 0, 1]);
    expect(member.outcomes).toEqual(['STORE_UNAVAILABLE']);
    database.exec('PRAGMA max_page_count = 1000000');
    await commits.run(() => insert.run('full again'));
    expect(rows('full%')).toBe(1);
  });

  it('a flood is written in several transactions, so that it does not hold the loop', async () => {
    const flood = Array.from({ length: 9000 }, (_, n) => commits.run(() => insert.run(`flood ${n}`)));
    await Promise.all(flood);
    expect([rows('flood%'), member.commits]).toEqual([9000, 3]);
  });

  it('closing writes what was asked for and refuses what comes later', async () => {
    const last = commits.run(() => insert.run('last'));
    await commits.close();
    await last;
    expect(rows('last')).toBe(1);
    await expect(commits.run(() => insert.run('late'))).rejects.toBeInstanceOf(StoreUnavailableError);
  });
});
