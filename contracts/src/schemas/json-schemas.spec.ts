import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { leastEvent } from '../codec/testing/sample-event';
import { eventCatalogue } from '../events/event-catalogue';
import { httpCatalogue } from '../http-catalogue';
import * as http from '../http';
import { compensationPlan, mendRequest } from '../http-compensation';
import * as liveness from '../http-liveness';
import { rerunPlan, rerunRequest } from '../http-rerun';
import { decideRequest, transactionDetail, transactionList, transactionSummary } from '../http-transactions';
import { eventSamples } from '../testing/event-samples';
import { httpSamples } from '../testing/http-samples';
import { eventEnvelope } from './event-envelope';
import { jsonSchemaFiles } from './json-schemas';

const files = jsonSchemaFiles();
const folder = join(__dirname, '../../schemas');

function validatorOf(path: string) {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
  addFormats(ajv);
  return ajv.compile(JSON.parse(files.get(path) ?? 'null') as object);
}

describe('generated JSON Schemas', () => {
  it('are the committed ones; else: npm run generate', () => {
    const committed = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.json'),
    );
    expect(committed.map((path) => path.replaceAll('\\', '/')).sort()).toEqual([...files.keys()].sort());
    for (const [path, text] of files) expect(readFileSync(join(folder, path), 'utf8')).toBe(text);
  });

  it('are the same each time', () => {
    expect(jsonSchemaFiles()).toEqual(files);
  });

  it('are free of allOf, and stand alone', () => {
    for (const text of files.values()) {
      expect(text).not.toContain('"allOf"');
      const references = [...text.matchAll(/"\$ref": "([^"]*)"/g)].map(([, target]) => target);
      expect(references.filter((target) => target?.startsWith('#/$defs/') !== true)).toEqual([]);
    }
  });
});

describe.each([...eventCatalogue.values()])('$type', (definition) => {
  const event = {
    ...leastEvent,
    type: definition.type,
    time: '2025-01-31T12:00:00Z',
    data: eventSamples[definition.type],
  };
  const accepts = validatorOf(`${definition.type}.json`);
  const envelope = eventEnvelope(definition);

  it('takes a good event, by JSON Schema and by zod', () => {
    expect(definition.data.safeParse(event.data)).toMatchObject({ success: true });
    expect(accepts({ ...event, myextension: 5 }) || accepts.errors).toBe(true);
    expect(envelope.safeParse({ ...event, myextension: 5 }).success).toBe(true);
  });

  it('lets further members of the payload through', () => {
    expect(accepts({ ...event, data: { ...(event.data as object), later: 1 } })).toBe(true);
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['another type', { type: 'com.example.other.v1' }],
    ['no payload', { data: undefined }],
    ['a payload that is none', { data: [] }],
    ['an empty payload', { data: {} }],
    ['an attribute of the wrong kind', { aurarun: 'one' }],
    ['an extension that is an object', { myextension: {} }],
  ])('refuses %s, by JSON Schema and by zod', (_what, change) => {
    const wrong = JSON.parse(JSON.stringify({ ...event, ...change })) as object;
    expect(accepts(wrong)).toBe(false);
    expect(envelope.safeParse(wrong).success).toBe(false);
  });
});

describe('HTTP shapes', () => {
  it('are all in the catalogue', () => {
    expect(new Set(httpCatalogue.values())).toEqual(
      new Set([
        ...Object.values(http),
        compensationPlan,
        mendRequest,
        rerunPlan,
        rerunRequest,
        ...Object.values(liveness).filter(
          (shape) =>
            ![liveness.standingKind, liveness.standingQuery, liveness.rebuiltViews].includes(shape as never),
        ),
        transactionSummary,
        transactionDetail,
        transactionList,
        decideRequest,
      ]),
    );
  });

  it.each([...httpCatalogue])('%s takes a good body and refuses an empty one', (name, schema) => {
    const accepts = validatorOf(`http/${name}.json`);
    expect(accepts(httpSamples[name]) || accepts.errors).toBe(true);
    expect(schema.safeParse(httpSamples[name])).toMatchObject({ success: true });
    expect(accepts({})).toBe(false);
    expect(schema.safeParse({}).success).toBe(false);
  });

  it('a start names its workflow, has an empty input by default, and nothing else', () => {
    expect(http.executeRequest.parse({ workflow: 'w' })).toEqual({ workflow: 'w', input: {} });
    expect(http.executeRequest.safeParse({ workflow: '' }).success).toBe(false);
    expect(http.executeRequest.safeParse({ workflow: 'w', user: 'u' }).success).toBe(false);
    for (const userId of ['u'.repeat(201), '', 'a\nb', 'a\u0000', '\ud800', '\ufdd0'])
      expect(http.executeRequest.safeParse({ workflow: 'w', userId }).success).toBe(false);
  });
});
