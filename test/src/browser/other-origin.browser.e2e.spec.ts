import { browserBundle } from '@aura/client/testing';
import { startEmbedded, type RunningAura } from '@aura/host';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { closeAll } from '../e2e/close-all';
import { launchChromium } from './launch-chromium';

const PICTURE = join(__dirname, '../../../apps/cli/samples/autumn-knit.jpg');

jest.setTimeout(60_000);

describe('the client in a page of another origin', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aura-origins-'));
  const pages: Server[] = [];
  let aura: RunningAura;
  let browser: Browser;
  let listed: string;
  let stranger: string;
  let script: string;

  beforeAll(async () => {
    listed = await servePage();
    stranger = await servePage();
    [script, browser, aura] = await Promise.all([
      browserBundle().then(({ text }) => text),
      launchChromium(),
      startEmbedded({ dataDir: folder, port: 0, env: { AURA_ORIGINS: listed } }),
    ]);
  }, 120_000);

  afterAll(async () => {
    await closeAll([
      () => browser?.close(),
      () => aura?.stop(),
      ...pages.map((server) => () => new Promise((closed) => server.close(closed))),
    ]);
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  /** An empty page with an origin of its own. */
  function servePage(): Promise<string> {
    const server = createServer((_request, response) => response.end('<!doctype html><title>shop</title>'));
    pages.push(server);
    return new Promise((listening) =>
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address() as { readonly port: number };
        listening(`http://127.0.0.1:${port}`);
      }),
    );
  }

  /** Runs the body of an asynchronous function in a page of an origin. */
  async function inPageOf(origin: string, body: string): Promise<unknown> {
    const page = await browser.newPage();
    try {
      await page.goto(origin);
      await page.evaluate(`${script}; globalThis.Aura = Aura`);
      const given = [aura.url, readFileSync(PICTURE).toString('base64')];
      return await page.evaluate(
        `(async ([url, picture]) => { const aura = Aura.connect({ url, retries: 0 }); ${body} })(${JSON.stringify(given)})`,
      );
    } finally {
      await page.close();
    }
  }

  it('uploads a picture, starts a saga, follows its events and reads refusals, where the origin is listed', async () => {
    const told = await inPageOf(
      listed,
      `const bytes = await (await fetch('data:image/jpeg;base64,' + picture)).blob();
       const { digest } = await aura.uploadImage(bytes);
       const saga = await aura.start('complete_fashion_analysis', { image: digest }, { idempotencyKey: 'elsewhere' });
       let events = 0;
       for await (const event of saga.events()) events += 1;
       const refused = await aura.cancel(saga.sagaId).catch((error) => error.code);
       return { events, status: (await saga.completed()).status, refused };`,
    );
    expect(told).toEqual({ events: 7, status: 'completed', refused: 'SAGA_ENDED' });
  });

  it('reaches nothing where it is not', async () => {
    const told = await inPageOf(
      stranger,
      `const ask = (asking) => asking.then(() => 'answered', (error) => error instanceof Aura.AuraUnreachableError);
       return [await ask(aura.templates()), await ask(aura.start('complete_fashion_analysis', {}))];`,
    );
    expect(told).toEqual([true, true]);
  });
});
