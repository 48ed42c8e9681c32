import type { CompletedSaga, JsonValue } from '@aura/contracts';

/** The output of a workflow of which nothing is known: any JSON. */
export type AnyOutput = CompletedSaga['output'];

/** What is known of one workflow at compile time. */
export interface WorkflowTypes {
  readonly input: unknown;
  readonly output: unknown;
}

/** Every workflow, of which nothing is known: what a client without generated types takes. */
export interface AnyWorkflows {
  readonly [workflow: string]: { readonly input: JsonValue; readonly output: AnyOutput };
}

/** Workflows by their ids; what `aura types` generates is one. */
export type WorkflowMap<W> = { readonly [Id in keyof W]: WorkflowTypes };
