import { startEmbedded, type RunningAura } from '@aura/host';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { browserBundle } from '@aura/client/testing';
import { closeAll } from '../e2e/close-all';
import { launchChromium } from './launch-chromium';

const PICTURE = join(__dirname, '../../../apps/cli/samples/autumn-knit.jpg');
jest.setTimeout(60_000);

describe('the client in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aura-browser-'));
  let aura: RunningAura;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const [bundle] = await Promise.all([
      browserBundle(),
      startEmbedded({ dataDir: folder, port: 0 }).then((started) => (aura = started)),
      launchChromium().then((launched) => (browser = launched)),
    ]);
    page = await browser.newPage();
    await page.goto(`${aura.url}/health`);
    // Not a script element: the door's own policy would have a say in that.
    await page.evaluate(`${bundle.text}; globalThis.Aura = Aura`);
  }, 120_000);

  afterAll(async () => {
    await closeAll([() => browser?.close(), () => aura?.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  /** Runs the body of an asynchronous function in the page; `aura` is a client there, `picture` its base64. */
  function inPage(body: string): Promise<unknown> {
    const picture = readFileSync(PICTURE).toString('base64');
    return page.evaluate(
      `(async (picture) => { const aura = Aura.connect({ url: location.origin }); ${body} })(${JSON.stringify(picture)})`,
    );
  }

  it('uploads a picture, starts a saga, follows its events and reads its output', async () => {
    const told = await inPage(`
      const bytes = await (await fetch('data:image/jpeg;base64,' + picture)).blob();
      const { digest, contentType } = await aura.uploadImage(bytes);
      const saga = await aura.start('complete_fashion_analysis', { image: digest }, { idempotencyKey: 'in-a-page' });
      const sequences = [];
      for await (const event of saga.events()) sequences.push(event.sequence);
      const { status, output } = await saga.completed();
      return { contentType, sequences, status, recommendations: output.recommendations.length };
    `);
    expect(told).toEqual({
      contentType: 'image/jpeg',
      sequences: [1, 2, 3, 4, 5, 6, 7],
      status: 'completed',
      recommendations: expect.any(Number) as number,
    });
  });

  it('uploads a stream, lists sagas, and hears an abort at once', async () => {
    const told = await inPage(`
      const stream = (await fetch('data:image/jpeg;base64,' + picture)).body;
      const { bytes } = await aura.uploadImage(stream, 'image/jpeg');
      const ids = [];
      for await (const { sagaId } of aura.list({ status: ['completed'] })) ids.push(sagaId);
      const controller = new AbortController();
      const asked = aura.get(ids[0], { signal: controller.signal });
      controller.abort(new Error('enough'));
      const reason = await asked.catch((error) => error.message);
      return { bytes, ids: ids.length, reason };
    `);
    expect(told).toEqual({ bytes: readFileSync(PICTURE).length, ids: 1, reason: 'enough' });
  });

  it('tells refusals as it does in Node', async () => {
    const told = await inPage(`
      const error = await aura.start('complete_fashion_analysis', {}).catch((reason) => reason);
      return [error instanceof Aura.AuraProblemError, error.status, error.problem.errors.length > 0];
    `);
    expect(told).toEqual([true, 422, true]);
  });
});
