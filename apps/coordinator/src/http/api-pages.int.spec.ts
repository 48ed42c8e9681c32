import { httpRoads } from '@aura/contracts';
import { ask } from './testing/ask';
import { openRealDoor, type RealDoor } from './testing/real-door';

let door: RealDoor;
beforeAll(async () => {
  door = await openRealDoor();
});
afterAll(() => door.close());

/** `GET /a/:b` for every route, without those of the pages themselves and without HEAD, which goes with every GET. */
function servedRoutes(): readonly string[] {
  return [...door.routes]
    .filter(([path]) => !path.startsWith('/api/docs'))
    .flatMap(([path, methods]) => [...methods].map((method) => `${method} ${path}`))
    .filter((route) => !route.startsWith('HEAD '))
    .sort();
}

describe('the description of the HTTP face', () => {
  it('has every route of the application, and the application has every one that it describes', () => {
    const described = httpRoads.map(
      ({ method, path }) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
    );
    expect(servedRoutes()).toEqual([...described].sort());
  });

  it('describes what the roads without a saga answer', async () => {
    for (const path of ['/', '/health', '/health/live', '/health/ready', '/api/v1/participants'])
      expect([path, (await ask(door, path)).status]).toEqual([path, 200]);
    const metrics = await fetch(`${door.url}/metrics`);
    expect(metrics.headers.get('content-type')).toContain('text/plain');
  });

  it('is served as JSON and as YAML', async () => {
    const json = await fetch(`${door.url}/api/docs/openapi.json`);
    expect(await json.json()).toMatchObject({
      openapi: '3.1.0',
      paths: { '/health': { get: { operationId: 'showHealth' } } },
    });
    const yaml = await fetch(`${door.url}/api/docs/openapi.yaml`);
    expect(await yaml.text()).toContain('openapi: 3.1.0');
  });

  it('is shown on a page that needs nothing from elsewhere', async () => {
    const page = await fetch(`${door.url}/api/docs`);
    expect(page.headers.get('content-type')).toContain('text/html');
    const html = await page.text();
    const sources = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source = '']) => source);
    expect(sources.length).toBeGreaterThan(3);
    for (const source of sources) {
      const url = new URL(source, `${door.url}/api/docs`);
      expect(url.origin).toBe(door.url);
      const file = await fetch(url);
      expect([source, file.status]).toEqual([source, 200]);
      expect((await file.text()).length).toBeGreaterThan(100);
    }
  });
});
