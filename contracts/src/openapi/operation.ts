import * as z from 'zod';
import type { JsonObject, JsonValue } from '../cloud-event';
import { componentName, componentReference } from './component-name';
import type { HttpRoad, RoadAnswer, RoadBody } from './road';

const JSON_TYPE = 'application/json';
const PROBLEM_TYPE = 'application/problem+json';

/** Headers that problems of a status have. */
const PROBLEM_HEADERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '429': { 'retry-after': 'Seconds after which to come again.' },
  '503': { 'retry-after': 'Seconds after which to come again.' },
  '504': { location: 'Path of the saga that goes on.' },
};

/** A road as an operation of OpenAPI. */
export function operationOf(road: HttpRoad): JsonObject {
  const { id, tag, summary, description, bodies, isOpen } = road;
  const parameters = [...pathParameters(road), ...queryParameters(road), ...headerParameters(road)];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(isOpen === true ? { security: [{}] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(bodies === undefined ? {} : { requestBody: requestBody(bodies) }),
    responses: { ...answersOf(road), ...problemsOf(road) },
  };
}

function pathParameters({ path }: HttpRoad): readonly JsonObject[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters({ query }: HttpRoad): readonly JsonObject[] {
  // Of both sides the one that has been read: before that everything in a query is text.
  const schema = query === undefined ? {} : (z.toJSONSchema(query, { io: 'output' }) as JsonObject);
  return Object.entries((schema['properties'] ?? {}) as JsonObject).map(([name, own]) => ({
    name,
    in: 'query',
    required: false,
    schema: own,
  }));
}

function headerParameters({ headers = {} }: HttpRoad): readonly JsonObject[] {
  return Object.entries(headers).map(([name, { schema, description }]) => {
    return { name, in: 'header', required: false, description, schema: bareSchema(z.toJSONSchema(schema)) };
  });
}

/** A JSON Schema as a part of a document: without the name of its draft, and of itself. */
export function bareSchema(schema: object): JsonObject {
  return Object.fromEntries(
    Object.entries(schema as JsonObject).filter(([member]) => member !== '$schema' && member !== '$id'),
  );
}

function requestBody(bodies: readonly RoadBody[]): JsonObject {
  const content = bodies.flatMap((body) => body.mediaTypes.map((type) => [type, contentOf(body)] as const));
  const description = bodies.map((body) => body.description).join(' Or: ');
  return { required: true, description, content: Object.fromEntries(content) };
}

function contentOf({ content }: RoadBody): JsonObject {
  if (typeof content === 'object') return { schema: referenceTo(content.shape) };
  if (content === 'text') return { schema: { type: 'string' } };
  const bytes = { type: 'string', format: 'binary' };
  if (content === 'bytes') return { schema: bytes };
  return { schema: { type: 'object', properties: { file: bytes }, required: ['file'] } };
}

function answersOf({ answers }: HttpRoad): JsonObject {
  return Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)]));
}

function answerOf({ description, shape, mediaType, headers }: RoadAnswer): JsonObject {
  const schema = shape === undefined ? { type: 'string' } : referenceTo(shape);
  const isEmpty = shape === undefined && mediaType === undefined;
  return {
    description,
    ...(headers === undefined ? {} : { headers: headersOf(headers) }),
    ...(isEmpty ? {} : { content: { [mediaType ?? JSON_TYPE]: { schema } } }),
  };
}

function problemsOf({ problems = {} }: HttpRoad): JsonObject {
  const all = { ...problems, default: 'Any other error.' };
  return Object.fromEntries(Object.entries(all).map(([status, text]) => [status, problemOf(status, text)]));
}

function problemOf(status: string, description: string): JsonObject {
  const headers = PROBLEM_HEADERS[status];
  return {
    description,
    ...(headers === undefined ? {} : { headers: headersOf(headers) }),
    content: { [PROBLEM_TYPE]: { schema: referenceTo('problem-details') } },
  };
}

function headersOf(headers: Readonly<Record<string, string>>): JsonValue {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );
}

function referenceTo(shape: string): JsonObject {
  return { $ref: componentReference(componentName(shape)) };
}
