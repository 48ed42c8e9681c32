import { EVENTS_EXCHANGE } from '@aura/messaging';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { NO_LOG } from '@aura/kernel';
import { AnnouncedAura } from '../testing/announced-aura';
import { traceService } from './trace-service';

const TYPESCRIPT = join(__dirname, '../../../embedded/src/testing/run-typescript.cjs');
const PROGRAM = join(__dirname, '../testing/viewer-process.ts');
const TYPE = 'com.example.seen.v1';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

jest.setTimeout(60_000);

describe('the spans of a service', () => {
  let aura: AnnouncedAura;
  let collector: Server;
  let endpoint: string;
  const taken: string[] = [];

  beforeAll(async () => {
    aura = await AnnouncedAura.open();
    collector = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        taken.push(`${request.url ?? ''} ${Buffer.concat(chunks).toString('latin1')}`);
        response.end();
      });
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  });

  afterEach(() => void taken.splice(0));

  afterAll(async () => {
    collector.closeAllConnections();
    await new Promise((closed) => collector.close(closed));
    await aura.close();
  });

  /** Lets a service see one event of a trace that is recorded; answers what it printed until its end. */
  async function seeOne(more: Readonly<Record<string, string>> = {}): Promise<string> {
    const args = ['--conditions=aura-source', '-r', TYPESCRIPT, PROGRAM];
    const env = {
      PATH: process.env['PATH'],
      AURA_RUN_FILE: aura.runFile,
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      ...more,
    };
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    const ready = new Promise<void>((resolve) =>
      child.stdout.on('data', (chunk: Buffer) => {
        printed += String(chunk);
        if (printed.includes('ready')) resolve();
      }),
    );
    const ended = once(child, 'close');
    await Promise.race([ready, ended]);
    const event = {
      specversion: '1.0' as const,
      id: `seen-${Object.keys(more).join()}`,
      source: '/shop',
      type: TYPE,
      traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
      data: {},
    };
    const to = [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: TYPE } as const];
    await aura.runtime.bus.publish([{ event, to }]);
    expect(await ended).toEqual([0, null]);
    return printed;
  }

  it('go to the collector of the environment, under its name, the last at its end', async () => {
    await seeOne();
    const told = taken.join('\n');
    expect(told).toContain('/v1/traces');
    expect(told).toContain('viewer');
    expect(told).toContain(`process ${TYPE}`);
  });

  it('go nowhere where the environment says so', async () => {
    await seeOne({ AURA_TRACES: 'off' });
    expect(taken).toEqual([]);
  });

  it('stay with the tracer that the application has set up itself', async () => {
    expect(await seeOne({ OWN_TRACER: '1' })).toContain(`process ${TYPE}`);
    expect(taken).toEqual([]);
  });

  it('are refused an environment that cannot be used, by name', () => {
    const traced = { service: 'viewer', log: NO_LOG };
    expect(() => traceService(traced, { AURA_TRACES: 'nowhere' })).toThrow('AURA_TRACES');
  });
});
