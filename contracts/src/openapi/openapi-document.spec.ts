import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { httpCatalogue } from '../http-catalogue';
import { httpSamples } from '../testing/http-samples';
import { componentName, componentReference } from './component-name';
import { httpRoads, openApiDocument, openApiText } from './openapi-document';

const VERSION = (
  JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { version: string }
).version;
const document = openApiDocument(VERSION);
const text = openApiText(VERSION);

describe('the OpenAPI document', () => {
  it('is the committed one; else: npm run generate', () => {
    expect(readFileSync(join(__dirname, '../../openapi/openapi.json'), 'utf8')).toBe(text);
  });

  it('is the same each time', () => {
    expect(openApiText(VERSION)).toBe(text);
  });

  it('refers only to schemas that it has, and has each shape of the catalogue', () => {
    const names = Object.keys(document.components.schemas);
    expect(names).toEqual(expect.arrayContaining([...httpCatalogue.keys()].map(componentName)));
    const references = new Set([...text.matchAll(/"\$ref": "([^"]*)"/g)].map(([, target]) => target));
    expect(references.size).toBeGreaterThan(10);
    expect(
      [...references].filter((target) => !names.some((name) => target === componentReference(name))),
    ).toEqual([]);
  });

  it('gives every operation an id of its own, and only shapes that there are', () => {
    const ids = httpRoads.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { answers } of httpRoads)
      for (const { shape } of Object.values(answers)) if (shape) expect(httpCatalogue.has(shape)).toBe(true);
  });

  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema(JSON.parse(text) as object, 'openapi');

  it.each([...httpCatalogue.keys()])('takes a good %s and refuses an empty one', (name) => {
    const accepts = ajv.compile({ $ref: `openapi${componentReference(componentName(name))}` });
    expect(accepts(httpSamples[name]) || accepts.errors).toBe(true);
    expect(accepts({})).toBe(false);
  });

  it('says of what a query holds what it is when it has been read', () => {
    const list = document.paths['/api/v1/workflows']?.['get'];
    expect(list).toMatchObject({
      parameters: expect.arrayContaining([
        expect.objectContaining({
          name: 'limit',
          schema: expect.objectContaining({ type: 'integer', maximum: 200 }),
        }),
        expect.objectContaining({ name: 'status', schema: expect.objectContaining({ type: 'array' }) }),
      ]),
    });
  });
});
