import { compensationPlan, sagaDetail } from '@aura/contracts';
import { startCoordinatorProcess } from '@aura/coordinator';
import type { CoordinatorProcess } from '@aura/coordinator';
import { BusinessError } from '@aura/kernel';
import { defineAction, startParticipant } from '@aura/workflow';
import type { RunningParticipant } from '@aura/workflow';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { z } from 'zod';
import { closeAll } from '../e2e/close-all';
import { labAction, labParticipant, refuse } from '../lab/actions';
import { eventually } from '../lab/eventually';
import { ownServers } from '../lab/own-servers';
import type { OwnServers } from '../lab/own-servers';
import { definition } from '../lab/road-world';

const LAUNCHER = resolve(__dirname, '../../../apps/cli/bin/aura.cjs');

jest.setTimeout(60_000);

/** Foreign charges that stand, by operation. */
const charges = new Set<string>();
let isBankOpen = false;

const charge = defineAction({
  name: 'charge',
  kind: 'stateful',
  input: z.object({}),
  output: z.object({}),
  emits: 'lab.charged.v1',
  run: (_input, { operation }) => {
    charges.add(operation);
    return { output: {} };
  },
  undo: {
    name: 'refund',
    run: (_call, { operation }) => {
      if (!isBankOpen) throw new BusinessError('the bank is closed', { code: 'CLOSED', help: 'Wait.' });
      charges.delete(operation);
    },
  },
});

const shop = labParticipant('shop', [
  charge,
  labAction('refuse', () => refuse('NO_WAY')),
  labAction('say', ({ word }) => word ?? 'nothing'),
]);

const undo = { timeout: '1s', retryPolicy: { maxAttempts: 2, initialDelay: '10ms', maxDelay: '10ms' } };
const DEFINITIONS = [
  definition('charged', [
    { id: 'pay', action: 'charge', undo },
    { id: 'bad', action: 'refuse', dependencies: ['pay'], input: {} },
  ]),
  definition('careful', [
    { id: 'look', action: 'refuse', input: {}, failure: { policy: 'suspend' } },
    { id: 'behind', action: 'say', dependencies: ['look'], input: { word: 'steps.look.output.value' } },
  ]),
];

describe('a saga on servers that waits for a person', () => {
  let servers: OwnServers;
  let running: CoordinatorProcess;
  let participant: RunningParticipant;

  beforeAll(async () => {
    servers = await ownServers();
    const { runtime } = servers;
    running = await startCoordinatorProcess(runtime, { port: 0, log: () => undefined });
    const stores = await runtime.stores('shop');
    participant = await startParticipant(shop, { ...stores, ...runtime }, { instance: 'shop@mending' });
    for (const text of DEFINITIONS.map((one) => JSON.stringify(one)))
      await eventually('the workflow is active', async () => {
        const body = { method: 'POST', headers: { 'content-type': 'application/json' }, body: text };
        const published = await fetch(`${running.url}/api/v1/definitions`, body);
        return ((await published.json()) as { readonly status?: unknown }).status === 'active'
          ? true
          : undefined;
      });
  });

  afterAll(() =>
    closeAll([
      () => participant?.stop(1000),
      () => running?.stop(),
      () => servers?.runtime.close(),
      () => servers?.remove(),
    ]),
  );

  beforeEach(() => {
    isBankOpen = false;
  });

  /** A command as a person gives it. */
  function aura(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
    const env = { ...process.env, AURA_URL: running.url, FORCE_COLOR: '' };
    return new Promise((done) => {
      execFile(process.execPath, [LAUNCHER, ...args], { env }, (error, stdout, stderr) =>
        done({ code: error === null ? 0 : Number(error.code), out: `${stdout}${stderr}` }),
      );
    });
  }

  const place = (saga: string, road = ''): string => `${running.url}/api/v1/workflows/${saga}${road}`;

  function post(url: string, body: object): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async function until(saga: string, status: string) {
    return eventually(`${saga} is ${status}`, async () => {
      const found = sagaDetail.parse(await (await fetch(place(saga))).json());
      return found.status === status ? found : undefined;
    });
  }

  /** A new saga that has come to wait for a person. */
  async function stopped(workflow: string, status: 'compensation_failed' | 'suspended'): Promise<string> {
    const started = await post(`${running.url}/api/v1/workflows/execute/async`, { workflow, input: {} });
    const { sagaId } = (await started.json()) as { readonly sagaId: string };
    expect(await until(sagaId, status)).toMatchObject({ waitingFor: 'a person', owner: 'operators' });
    return sagaId;
  }

  const standing = (saga: string): readonly string[] => [...charges].filter((one) => one.includes(saga));

  /** The steps of the plan to undo, and who and why as the journal has them. */
  async function undone(saga: string) {
    const { steps } = compensationPlan.parse(await (await fetch(place(saga, '/compensation'))).json());
    const { journal } = await servers.runtime.stores('coordinator');
    const rows = await journal.read(`saga/${saga}`);
    return { steps, told: rows.map(({ body }) => body).join('\n') };
  }

  it('is retried over HTTP once its undo can work', async () => {
    const saga = await stopped('charged', 'compensation_failed');
    expect(standing(saga)).toHaveLength(1);
    expect((await undone(saga)).steps).toMatchObject([
      { step: 'pay', status: 'failed', error: { code: 'CLOSED' } },
    ]);
    isBankOpen = true;
    expect((await post(place(saga, '/retry'), { reason: 'it is open again' })).status).toBe(200);
    await until(saga, 'compensated');
    expect(standing(saga)).toEqual([]);
    const { steps, told } = await undone(saga);
    expect(steps).toMatchObject([{ step: 'pay', status: 'undone' }]);
    expect(told).toContain('it is open again');
    expect(await post(place(saga, '/retry'), { reason: 'again' })).toMatchObject({ status: 409 });
  });

  it('is skipped over HTTP, and its effect stays', async () => {
    const saga = await stopped('charged', 'compensation_failed');
    expect((await post(place(saga, '/skip'), { reason: 'a gift' })).status).toBe(200);
    await until(saga, 'compensated');
    expect(standing(saga)).toHaveLength(1);
    expect((await undone(saga)).steps).toMatchObject([{ step: 'pay', status: 'skipped', note: 'a gift' }]);
  });

  it('is shown, retried in vain, and resolved from the command line, with who and why in the journal', async () => {
    const saga = await stopped('charged', 'compensation_failed');
    const shown = await aura('sagas', 'show', saga);
    expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('refund at shop') as string });
    expect((await aura('why', saga)).out).toContain('the bank is closed');
    expect((await aura('sagas', 'retry', saga, '--reason', 'perhaps now')).code).toBe(0);
    await eventually('it failed again', async () => {
      const { steps } = await undone(saga);
      return steps[0]?.status === 'failed' && steps[0].epoch > 1 ? true : undefined;
    });
    expect((await aura('sagas', 'resolve', saga, '--note', 'paid back in cash')).code).toBe(0);
    await until(saga, 'compensated');
    const { steps, told } = await undone(saga);
    expect(steps).toMatchObject([{ step: 'pay', status: 'resolved', note: 'paid back in cash' }]);
    expect(told).toContain('perhaps now');
    expect(told).toMatch(/"subject":"local:[^"]+"/);
    expect((await aura('sagas', 'resolve', saga, '--note', 'twice')).code).toBe(1);
  });

  it('that is suspended goes on with an output from the command line, or over HTTP', async () => {
    const [one, two] = [await stopped('careful', 'suspended'), await stopped('careful', 'suspended')];
    const resumed = await aura('sagas', 'resume', one, '--input', '{"value":"by hand"}', '--reason', 'seen');
    expect(resumed.code).toBe(0);
    expect(await until(one, 'completed')).toMatchObject({ output: { behind: { value: 'by hand' } } });
    const output = { value: 'by letter' };
    expect((await post(place(two, '/resume'), { reason: 'seen', output })).status).toBe(200);
    expect(await until(two, 'completed')).toMatchObject({ output: { behind: { value: 'by letter' } } });
  });

  it('that is suspended is cancelled from the command line', async () => {
    const saga = await stopped('careful', 'suspended');
    expect((await aura('sagas', 'cancel', saga, '--reason', 'enough')).code).toBe(0);
    expect(await until(saga, 'cancelled')).toMatchObject({ cancelled: { reason: 'enough' } });
  });
});
