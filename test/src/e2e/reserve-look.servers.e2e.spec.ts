import { connect } from '@aura/client';
import { stepStream } from '@aura/kernel';
import { EVENTS_EXCHANGE } from '@aura/messaging';
import { OPENING_ITEMS, OPENING_UNITS } from '@aura/recommendation-engine';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../lab/eventually';
import { auraCommand } from './aura-command';
import type { CommandEnd } from './aura-command';
import { closeAll } from './close-all';
import { Installation } from './installation';
import { Tap } from './tap';
import { BRANCHES } from './transaction-house';
import type { Branch } from './transaction-house';

/** A look of 262.00 EUR. */
const PIECES = ['top-06', 'bot-09', 'sho-03'];
/** Is sold out here. */
const SOLD_OUT = 'acc-06';
/** What waits for a process that is started again, on a machine that does other things besides, ms. */
const PATIENCE_MS = 60_000;

const HELD = { code: 0, out: expect.stringContaining('saga completed') as string };

/** Who is started again in time for the votes lets the look be held; else none is, and the command says so. */
function expectAllOrNone({ code, out }: CommandEnd): void {
  expect([0, 3]).toContain(code);
  expect(out).toContain(code === 0 ? 'saga completed' : 'saga failed');
}

interface ProcessRecord {
  readonly name: string;
  readonly status: string;
  readonly restarts: number;
  readonly pid: number;
  readonly url?: string;
}

jest.setTimeout(300_000);

describe('reserve_look by aura run, beside the six processes of aura up --servers', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'aura-reserve-'));
  const paused = new Set<number>();
  let installation: Installation;
  let tap: Tap;
  let aura: ReturnType<typeof auraCommand>;
  let customers = 0;

  beforeAll(async () => {
    installation = await Installation.open();
    aura = auraCommand(cwd, installation.environment);
    const up = await aura('--servers', '--port', '0', 'up');
    expect(up).toMatchObject({ code: 0, out: expect.stringContaining('Aura is up at') });
    tap = await Tap.on(installation.broker.url, EVENTS_EXCHANGE, 'ai.aura.transaction.#');
  }, 300_000);
  afterAll(
    () =>
      closeAll([
        () => tap?.close(),
        () => aura('down').then(() => undefined),
        () => installation?.close(),
        () => Promise.resolve(rmSync(cwd, { recursive: true, force: true })),
      ]),
    90_000,
  );

  /** Whatever was done before, it adds up from the journals alone. */
  afterEach(async () => {
    // A test that failed may have left somebody standing still.
    for (const pid of paused) process.kill(pid, 'SIGCONT');
    paused.clear();
    const audit = await aura('--servers', 'audit');
    expect(audit).toEqual({ code: 0, out: expect.stringContaining('transactions') as string });
  });

  function run(workflow: string, input: unknown): Promise<CommandEnd> {
    return aura('run', workflow, '--input', JSON.stringify(input));
  }

  async function customer(amountCents = 50_000): Promise<string> {
    customers += 1;
    const userId = `customer-${customers}`;
    expect(await run('fund_account', { userId, amountCents, currency: 'EUR' })).toMatchObject({ code: 0 });
    return userId;
  }

  function recordOf(process: string): ProcessRecord {
    const file = readFileSync(join(cwd, '.aura', 'run.json'), 'utf8');
    const { processes } = JSON.parse(file) as { readonly processes: readonly ProcessRecord[] };
    const found = processes.find(({ name }) => name === process);
    if (found === undefined) throw new Error(`no process ${process} in the run file`);
    return found;
  }

  function processOf(branch: Branch): ProcessRecord {
    return recordOf(BRANCHES[branch]);
  }

  function pause(branch: Branch): void {
    const { pid } = processOf(branch);
    process.kill(pid, 'SIGSTOP');
    paused.add(pid);
  }

  function resume(branch: Branch): void {
    const { pid } = processOf(branch);
    process.kill(pid, 'SIGCONT');
    paused.delete(pid);
  }

  /** SIGKILL; resolves when it was started again. */
  async function kill(branch: Branch): Promise<void> {
    const { pid, restarts } = processOf(branch);
    process.kill(pid, 'SIGKILL');
    paused.delete(pid);
    await eventually(
      `${BRANCHES[branch]} is up again`,
      () => {
        const now = processOf(branch);
        return now.restarts > restarts && now.status === 'up' ? true : undefined;
      },
      PATIENCE_MS,
    );
  }

  /** Begins to reserve a look; answers the command, which waits for the end, and the saga that it has begun. */
  async function reserving(
    userId: string,
  ): Promise<{ readonly ending: Promise<CommandEnd>; readonly saga: string }> {
    const known = tap.seen.length;
    const ending = run('reserve_look', { userId, pieces: PIECES });
    const asked = await eventually(
      'a prepare is asked for',
      () => tap.seen.slice(known).find(({ type }) => type === 'ai.aura.transaction.prepare-requested.v1'),
      PATIENCE_MS,
    );
    return { ending, saga: asked.correlationid ?? '' };
  }

  function told(saga: string, kind: string): Promise<unknown> {
    return tap.find(
      `${kind} of ${saga}`,
      ({ type, correlationid }) => type === `ai.aura.transaction.${kind}.v1` && correlationid === saga,
    );
  }

  /** An operation in the journal of a branch of a saga's first transaction. */
  async function operation(saga: string, branch: Branch, name: string): Promise<unknown> {
    const { journal } = await (await installation.inside()).stores(BRANCHES[branch]);
    return journal.findOperation(stepStream({ saga, run: 1, step: `reserve/1/${branch}` }), name);
  }

  function recorded(saga: string, branch: Branch, name: string): Promise<unknown> {
    const look = (): Promise<unknown> => operation(saga, branch, name);
    return eventually(`${name} stands at ${branch}`, look, PATIENCE_MS);
  }

  /** A branch's vote stands with the coordinator: whoever voted may stand still from now on. */
  function counted(saga: string, branch: Branch): Promise<unknown> {
    const client = connect({ url: recordOf('coordinator').url ?? '', retries: 30 });
    const look = async (): Promise<unknown> =>
      (await client.transaction(`${saga}/1/reserve/1`)).branches.find(({ id }) => id === branch)?.vote;
    return eventually(`the vote of ${branch} is counted`, look, PATIENCE_MS);
  }

  it('holds money, pieces and outfit', async () => {
    expect(await run('reserve_look', { userId: await customer(), pieces: PIECES })).toEqual(HELD);
  });

  /** Somebody holds every unit of a piece that was there from the beginning, each in a look with another one. */
  async function sellOut(piece: string): Promise<void> {
    const userId = await customer(1_000_000);
    const others = OPENING_ITEMS.filter((id) => id !== piece).slice(0, OPENING_UNITS);
    const { url = '' } = recordOf('coordinator');
    const client = connect({ url, retries: 30 });
    for (const other of others)
      await (await client.start('reserve_look', { userId, pieces: [piece, other] })).completed();
  }

  it('holds nothing for want of stock', async () => {
    await sellOut(SOLD_OUT);
    const pieces = [...PIECES.slice(1), SOLD_OUT];
    const end = await run('reserve_look', { userId: await customer(), pieces });
    expect(end).toEqual({ code: 3, out: expect.stringContaining('OUT_OF_STOCK') as string });
  });

  it('holds nothing for want of budget', async () => {
    const end = await run('reserve_look', { userId: await customer(100), pieces: PIECES });
    expect(end).toEqual({ code: 3, out: expect.stringContaining('BUDGET_TOO_SMALL') as string });
  });

  it('holds all or nothing although a participant is killed before its vote', async () => {
    const userId = await customer();
    pause('stock');
    const { ending, saga } = await reserving(userId);
    await recorded(saga, 'budget', 'vote');
    expect(await operation(saga, 'stock', 'vote')).toBeUndefined();
    await kill('stock');
    expectAllOrNone(await ending);
  });

  it('holds all or nothing although a participant is killed that is prepared, before it is decided', async () => {
    const userId = await customer();
    pause('budget');
    const { ending, saga } = await reserving(userId);
    await recorded(saga, 'stock', 'vote');
    expect(await operation(saga, 'budget', 'vote')).toBeUndefined();
    const killed = kill('stock');
    resume('budget');
    await killed;
    expectAllOrNone(await ending);
  });

  it('holds all although a participant is killed behind the decision that it has not carried out', async () => {
    const userId = await customer();
    pause('budget');
    const { ending, saga } = await reserving(userId);
    await counted(saga, 'stock');
    pause('stock');
    resume('budget');
    await told(saga, 'committed');
    expect(await operation(saga, 'stock', 'end')).toBeUndefined();
    await kill('stock');
    expect(await ending).toEqual(HELD);
    await recorded(saga, 'stock', 'end');
  });
});
