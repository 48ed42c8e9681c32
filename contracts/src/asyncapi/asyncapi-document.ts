import * as z from 'zod';
import type { JsonObject } from '../cloud-event';
import { STRUCTURED_CONTENT_TYPE } from '../codec/content-type';
import { eventSamples } from '../events/event-samples';
import { jsonValue } from '../json-value';
import { eventEnvelope } from '../schemas/event-envelope';
import { inOrder } from '../schemas/in-order';
import { messageSchema, sharedSchemas } from './message-schema';
import { publicEvents, type KeyPart, type PublicEvent } from './public-events';
import { startChannel, startMessages, startOperation } from './starting';

/** How events lie on the broker: the exchange is declared by whoever comes first, the same way by everybody. */
const EVENTS_BINDING: JsonObject = {
  amqp: {
    is: 'routingKey',
    exchange: { name: 'aura.events', type: 'topic', durable: true, autoDelete: false, vhost: '/' },
    bindingVersion: '0.3.0',
  },
};

const KEY_PARTS: Readonly<Record<KeyPart, string>> = {
  definition: 'Id of the workflow definition whose saga it is; bind with * for every one.',
  participant: 'Name of the participant; bind with * for every one.',
  consumer: 'Name of the participant that could not handle it, or `coordinator`; bind with * for every one.',
  kind: 'What waits: saga, event, dead-letter or definition; bind with * for every one.',
};

const DESCRIPTION = `Aura publishes CloudEvents 1.0 to one durable topic exchange of RabbitMQ (AMQP 0-9-1), \`aura.events\`.

**To subscribe**, declare a queue of your own, bind it to \`aura.events\` by the addresses below (\`*\` stands for one part of a key,
\`#\` for any number), consume it, and ack what you have handled. Aura sends structured mode: the body is the whole event as UTF-8 JSON,
its content type \`${STRUCTURED_CONTENT_TYPE}\`. Delivery is at least once and in no promised order: an event with the same \`source\` and
\`id\` as one before is that one again. All events of a saga have its id as \`correlationid\`; \`causationid\` is the id of the event
that caused one. Members that you do not know are to be let through. A payload over 256 KiB stays away: then \`data\` is absent and
\`dataref\` names it.

**To start a saga**, publish an event whose type an active definition names in its \`triggers\`, with that type as the routing key, with
\`mandatory\` and publisher confirms: a returned message means that no active definition wants it. The same \`source\` and \`id\` start one
saga, however often they come; \`ai.aura.saga.started.v1\` has your event's id as \`causationid\`. Structured mode is understood under any
content type, binary mode with \`cloudEvents:\`, \`cloudEvents_\` or \`ce-\` before the names of attributes. A batch, what is no
CloudEvent, and an event that does not fit are kept as dead letters with the reason: \`ai.aura.dead-letter.recorded.v1\`.`;

/** The AsyncAPI 3.0 description of what Aura says and hears on RabbitMQ. The same source gives the same document. */
export function asyncApiDocument(version: string): JsonObject {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Aura',
      version,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: STRUCTURED_CONTENT_TYPE,
    servers: {
      rabbitmq: {
        host: '{host}:{port}',
        protocol: 'amqp',
        protocolVersion: '0-9-1',
        description: 'RabbitMQ 3.10 or newer; AURA_RABBITMQ_URL says where.',
        variables: { host: { default: '127.0.0.1' }, port: { default: '5672' } },
      },
    },
    channels: {
      ...Object.fromEntries(publicEvents.map((told) => [told.event.type, channelOf(told)])),
      start: { ...startChannel, bindings: EVENTS_BINDING },
    },
    operations: {
      ...Object.fromEntries(publicEvents.map((told) => [operationName(told), sendOperation(told)])),
      startSaga: startOperation,
    },
    components: {
      messages: {
        ...Object.fromEntries(publicEvents.map((told) => [told.event.type, messageOf(told)])),
        ...startMessages,
      },
      schemas: sharedSchemas(z.record(z.string(), jsonValue)),
    },
  };
}

/** The document as it is kept under `contracts/asyncapi`. */
export function asyncApiText(version: string): string {
  return `${JSON.stringify(inOrder(asyncApiDocument(version)), null, 2)}\n`;
}

function channelOf({ event, keyPart }: PublicEvent): JsonObject {
  return {
    address: `${event.type}.{${keyPart}}`,
    description: event.description,
    parameters: { [keyPart]: { description: KEY_PARTS[keyPart] } },
    messages: { event: { $ref: `#/components/messages/${event.type}` } },
    bindings: EVENTS_BINDING,
  };
}

/** E.g. `tellSagaStarted`. */
function operationName({ event }: PublicEvent): string {
  const words = event.type.split(/[.-]/).slice(2, -1);
  return `tell${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}`;
}

function sendOperation({ event }: PublicEvent): JsonObject {
  const channel = `#/channels/${event.type}`;
  return {
    action: 'send',
    summary: event.description,
    channel: { $ref: channel },
    messages: [{ $ref: `${channel}/messages/event` }],
    bindings: { amqp: { deliveryMode: 2, bindingVersion: '0.3.0' } },
  };
}

function messageOf({ event }: PublicEvent): JsonObject {
  return {
    name: event.type,
    title: event.type,
    summary: event.description,
    contentType: STRUCTURED_CONTENT_TYPE,
    payload: messageSchema(eventEnvelope(event)),
    examples: [{ name: 'one', payload: exampleOf(event.type) }],
  };
}

function exampleOf(type: string): JsonObject {
  return {
    specversion: '1.0',
    id: '0198c2a4-7c7e-7000-8000-000000000001/1',
    source: '/aura/coordinator',
    type,
    time: '2026-01-31T12:00:00.000Z',
    datacontenttype: 'application/json',
    correlationid: '0198c2a4-7c7e-7000-8000-000000000001',
    data: eventSamples[type] ?? null,
  };
}
