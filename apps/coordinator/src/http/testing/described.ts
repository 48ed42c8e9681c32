import { httpRoads, openApiDocument, type HttpRoad } from '@aura/contracts';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

/** An answer as it came. */
export interface ReceivedAnswer {
  readonly method: string;
  /** With or without a query. */
  readonly path: string;
  readonly status: number;
  readonly contentType: string | null;
  readonly body: unknown;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(openApiDocument('test'), 'openapi');

/** Fails unless an answer is one of those that the OpenAPI document names for its road, and has the shape that it says. */
export function expectDescribed(answer: ReceivedAnswer): void {
  const road = roadOf(answer);
  const { status, contentType, body } = answer;
  const mediaType = contentType?.split(';', 1)[0];
  const known = road?.answers[status];
  if (known === undefined) {
    expect([status, mediaType]).toEqual([status, 'application/problem+json']);
    expectShape('ProblemDetails', body);
    return;
  }
  expect([status, mediaType]).toEqual([
    status,
    known.shape === undefined ? known.mediaType : 'application/json',
  ]);
  if (known.shape !== undefined) expectShape(nameOf(known.shape), body);
}

/** The road of a request: of several that fit, the one whose path is fixed. */
function roadOf({ method, path }: ReceivedAnswer): HttpRoad | undefined {
  const segments = new URL(path, 'http://x').pathname.split('/');
  const fitting = httpRoads.filter(
    (road) => road.method === method.toLowerCase() && fits(road.path.split('/'), segments),
  );
  return fitting.sort((left, right) => left.path.split('{').length - right.path.split('{').length)[0];
}

function fits(pattern: readonly string[], path: readonly string[]): boolean {
  return (
    pattern.length === path.length &&
    pattern.every((part, n) => (part.startsWith('{') ? path[n] !== '' : part === path[n]))
  );
}

function expectShape(name: string, body: unknown): void {
  const accepts: ValidateFunction = ajv.compile({ $ref: `openapi#/components/schemas/${name}` });
  expect([name, accepts(body), accepts.errors]).toEqual([name, true, null]);
}

function nameOf(shape: string): string {
  return shape.replace(/(^|-)([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase());
}
