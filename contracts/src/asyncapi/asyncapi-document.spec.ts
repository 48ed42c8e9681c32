import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import asyncApiSchema from '@asyncapi/specs/schemas/3.0.0.json';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import type { JsonObject } from '../cloud-event';
import { decode } from '../codec/decode';
import { eventCatalogue } from '../events/event-catalogue';
import { asyncApiDocument, asyncApiText } from './asyncapi-document';
import { publicEvents } from './public-events';

interface Message {
  readonly payload: object;
  readonly headers?: object;
  readonly examples: readonly { readonly payload: unknown; readonly headers?: JsonObject }[];
}

interface Document {
  readonly channels: Readonly<Record<string, { readonly address: string; readonly parameters: object }>>;
  readonly operations: Readonly<
    Record<string, { readonly action: string; readonly channel: { readonly $ref: string } }>
  >;
  readonly components: { readonly messages: Readonly<Record<string, Message>>; readonly schemas: object };
}

const document = asyncApiDocument('1.2.3') as unknown as Document;
const messages = Object.entries(document.components.messages);

function validator(schema: object) {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  return ajv.compile(schema);
}

/** A schema of the document with what it refers to. */
function within(schema: object) {
  return validator({ ...schema, components: document.components });
}

const TIMEOUT_MS = 60_000;

describe('the AsyncAPI document', () => {
  it(
    'is an AsyncAPI 3.0 document',
    () => {
      // It brings draft 7 along, under its own name.
      const ajv = new Ajv({ strict: false, meta: false, validateSchema: false });
      addFormats(ajv);
      const accepts = ajv.compile(asyncApiSchema);
      expect(accepts(document) || accepts.errors).toBe(true);
      expect(accepts({ ...document, channels: { broken: { address: 7 } } })).toBe(false);
    },
    TIMEOUT_MS,
  );

  it('is the committed one; else: npm run generate', () => {
    const folder = join(__dirname, '../..');
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    expect(readFileSync(join(folder, 'asyncapi/asyncapi.json'), 'utf8')).toBe(asyncApiText(version));
    expect(asyncApiText(version)).toBe(asyncApiText(version));
  });

  it('has every public event under its key, and nothing that is between Aura’s own processes', () => {
    const told = publicEvents.map(({ event }) => event.type);
    expect(Object.keys(document.channels).sort()).toEqual([...told, 'start'].sort());
    for (const { event, keyPart } of publicEvents) {
      expect(eventCatalogue.get(event.type)).toBe(event);
      expect(document.channels[event.type]).toMatchObject({
        address: `${event.type}.{${keyPart}}`,
        parameters: { [keyPart]: expect.anything() as unknown },
        bindings: { amqp: { exchange: { name: 'aura.events', type: 'topic', durable: true } } },
      });
    }
    for (const type of [
      'ai.aura.saga.timer-due.v1',
      'ai.aura.plan.provided.v1',
      'ai.aura.definition.bound.v1',
    ])
      expect([eventCatalogue.has(type), told.includes(type)]).toEqual([true, false]);
  });

  it('has one operation for each channel: Aura tells all of them, and hears what starts sagas', () => {
    const byChannel = Object.values(document.operations).map(({ action, channel }) => [channel.$ref, action]);
    expect(byChannel).toHaveLength(Object.keys(document.channels).length);
    expect(byChannel.filter(([, action]) => action === 'receive')).toEqual([['#/channels/start', 'receive']]);
  });

  it('refers to nothing that is not in it', () => {
    for (const [, reference = ''] of JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)) {
      const path = reference.slice(2).split('/');
      const found = path.reduce<unknown>(
        (value, name) => (value as JsonObject | undefined)?.[name],
        document,
      );
      expect([reference, typeof found]).toEqual([reference, 'object']);
    }
  });

  it.each(messages)('gives examples of %s that fit', (_name, { payload, headers, examples }) => {
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      const accepts = within(payload);
      expect(accepts(example.payload) || accepts.errors).toBe(true);
      const fits = within(headers ?? {});
      expect(fits(example.headers ?? {}) || fits.errors).toBe(true);
      const body = Buffer.from(JSON.stringify(example.payload));
      expect(decode({ body, contentType: 'application/json', headers: example.headers })).toMatchObject({
        ok: true,
      });
    }
  });

  it('refuses what is no such event', () => {
    const { payload } = document.components.messages['ai.aura.saga.completed.v1'] as Message;
    expect(within(payload)({ specversion: '1.0', id: '1', source: '/x', type: 'other', data: {} })).toBe(
      false,
    );
    const { headers = {} } = document.components.messages['start.binary'] as Message;
    expect(within(headers)({ 'cloudEvents:id': '1' })).toBe(false);
  });
});
