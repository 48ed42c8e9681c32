import * as z from 'zod';
import type { JsonObject, JsonValue } from '../cloud-event';
import { errorRecord } from '../events/errors';
import { httpCatalogue } from '../http-catalogue';
import { jsonValue } from '../json-value';
import { sagaStatus, stepStatus } from '../saga-state';
import { bareSchema, operationOf } from './operation';
import { otherRoads } from './other-roads';
import type { HttpRoad } from './road';
import { inOrder } from '../schemas/in-order';
import { componentName, componentReference } from './component-name';
import { compensationRoads } from './compensation-roads';
import { livenessRoads } from './liveness-roads';
import { rerunRoads } from './rerun-roads';
import { transactionRoads } from './transaction-roads';
import { workflowRoads } from './workflow-roads';

/** Every road of the coordinator's HTTP face. */
export const httpRoads: readonly HttpRoad[] = [
  ...workflowRoads,
  ...compensationRoads,
  ...rerunRoads,
  ...livenessRoads,
  ...transactionRoads,
  ...otherRoads,
];

/** An OpenAPI document, as far as those who serve it look into it. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, JsonObject>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonObject>>;
    readonly securitySchemes: JsonObject;
  };
  readonly tags: readonly JsonObject[];
  readonly security: readonly JsonObject[];
}

const TAGS = [
  { name: 'workflows', description: 'Start sagas, follow them, cancel them.' },
  { name: 'transactions', description: 'The in-doubt board of two-phase commit.' },
  { name: 'definitions', description: 'Publish and check what can be started.' },
  { name: 'images', description: 'Pictures that inputs name by digest.' },
  { name: 'operations', description: 'What waits, what nobody claims, and views made again.' },
  { name: 'health', description: 'What this is and how it stands.' },
];

/** The OpenAPI 3.1 description of the coordinator's HTTP face, made from the shapes and roads. The same source gives the same document. */
export function openApiDocument(version: string): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Aura coordinator',
      version,
      description:
        'Sagas of services that react to events of each other. Every error is problem details (RFC 9457), ' +
        '`application/problem+json`. A token is asked for only where Aura was given one.',
    },
    tags: TAGS,
    security: [{}, { bearer: [] }],
    paths: pathsOf(httpRoads),
    components: { schemas: schemas(), securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  };
}

/** The text of the committed document. */
export function openApiText(version: string): string {
  return `${JSON.stringify(inOrder(openApiDocument(version) as unknown as JsonValue), null, 2)}\n`;
}

function pathsOf(roads: readonly HttpRoad[]): Readonly<Record<string, JsonObject>> {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const road of roads) paths[road.path] = { ...paths[road.path], [road.method]: operationOf(road) };
  return paths;
}

/** Every shape under its name; those that shapes share are named too, so that they refer to each other. */
function schemas(): Readonly<Record<string, JsonObject>> {
  const registry = z.registry<{ readonly id: string }>();
  for (const [name, schema] of httpCatalogue) registry.add(schema, { id: componentName(name) });
  const shared = {
    JsonValue: jsonValue,
    ErrorRecord: errorRecord,
    SagaStatus: sagaStatus,
    StepStatus: stepStatus,
  };
  for (const [id, schema] of Object.entries<z.ZodType>(shared)) registry.add(schema, { id });
  const made = z.toJSONSchema(registry, { io: 'input', target: 'draft-2020-12', uri: componentReference });
  return Object.fromEntries(Object.entries(made.schemas).map(([id, schema]) => [id, bareSchema(schema)]));
}
