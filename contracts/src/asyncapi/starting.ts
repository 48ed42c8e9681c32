import * as z from 'zod';
import type { JsonObject } from '../cloud-event';
import { STRUCTURED_CONTENT_TYPE } from '../codec/content-type';
import { jsonValue } from '../json-value';
import { messageSchema } from './message-schema';

const text = z.string().min(1);
const extension = z.union([z.string(), z.boolean(), z.int32()]);

const attributes = {
  specversion: z.literal('1.0'),
  id: text.meta({
    description: 'With the source it is what the event is known by: the same two start one saga.',
  }),
  source: text.meta({ format: 'uri-reference', description: 'Who says so, e.g. urn:example:lookbook.' }),
  type: text.meta({ description: 'The type that a trigger names; also the routing key.' }),
  time: z.string().meta({ format: 'date-time' }).optional(),
  subject: text.optional(),
  dataschema: text.meta({ format: 'uri' }).optional(),
  traceparent: text.optional(),
  tracestate: z.string().optional(),
};

const structured = z
  .object({ ...attributes, datacontenttype: text.optional(), data: jsonValue.optional() })
  .catchall(extension);

const EXAMPLE = {
  specversion: '1.0',
  id: '4b0a',
  source: 'urn:example:lookbook',
  type: 'com.example.lookbook.photo.taken.v1',
  time: '2026-01-31T12:00:00Z',
  subject: 'ada',
};
const DATA = {
  image: 'sha256:364d28b776eb42eb37775027f5a016733464f5252b883635639fe9c81cd3b722',
  wish: 'something warm for autumn',
};

function prefixed(prefix: string, members: Readonly<Record<string, JsonObject>>): JsonObject {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [`${prefix}${name}`, member]));
}

function binaryHeaders(prefix: string): JsonObject {
  const { properties, required } = messageSchema(z.object(attributes)) as {
    readonly properties: Readonly<Record<string, JsonObject>>;
    readonly required: readonly string[];
  };
  return {
    type: 'object',
    properties: prefixed(prefix, properties),
    required: required.map((name) => `${prefix}${name}`),
  };
}

const PREFIX = 'cloudEvents:';

/** The messages that start a saga: an event in structured and in binary mode. */
export const startMessages: JsonObject = {
  'start.structured': {
    name: 'start.structured',
    title: 'An event that starts a saga, in structured mode',
    summary: 'The body is the whole event. The content type should say so; another is understood, too.',
    contentType: STRUCTURED_CONTENT_TYPE,
    payload: messageSchema(structured),
    examples: [{ name: 'photo', payload: { ...EXAMPLE, datacontenttype: 'application/json', data: DATA } }],
  },
  'start.binary': {
    name: 'start.binary',
    title: 'An event that starts a saga, in binary mode',
    summary:
      'Attributes are headers, cloudEvents: before their names (cloudEvents_ and ce- are understood, too); the body is the data, its content type the property content_type.',
    contentType: 'application/json',
    headers: binaryHeaders(PREFIX),
    payload: messageSchema(jsonValue),
    examples: [
      {
        name: 'photo',
        headers: Object.fromEntries(
          Object.entries(EXAMPLE).map(([name, value]) => [`${PREFIX}${name}`, value]),
        ),
        payload: DATA,
      },
    ],
  },
};

/** Where they are published; bindings aside. */
export const startChannel: JsonObject = {
  address: '{type}',
  description: 'Events of strangers that start sagas: the address is the type of the event.',
  parameters: {
    type: {
      description:
        'A type that an active definition names in its triggers, e.g. com.example.lookbook.photo.taken.v1.',
    },
  },
  messages: {
    structured: { $ref: '#/components/messages/start.structured' },
    binary: { $ref: '#/components/messages/start.binary' },
  },
};

/** Aura hears them. */
export const startOperation: JsonObject = {
  action: 'receive',
  summary: 'Starts a saga of every active definition that has a trigger for the type.',
  channel: { $ref: '#/channels/start' },
  messages: [{ $ref: '#/channels/start/messages/structured' }, { $ref: '#/channels/start/messages/binary' }],
  bindings: { amqp: { ack: true, bindingVersion: '0.3.0' } },
};
