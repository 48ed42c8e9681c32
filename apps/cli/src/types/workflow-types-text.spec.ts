import type { WorkflowTemplate } from '@aura/client';
import { workflowTypesText } from './workflow-types-text';

const template = (workflow: string, more: Partial<WorkflowTemplate> = {}): WorkflowTemplate => ({
  workflow,
  version: '1.0.0',
  name: workflow,
  description: '',
  waitsFor: [],
  input: { type: 'object' },
  output: true,
  example: {},
  curl: '',
  ...more,
});

describe('the types of workflows', () => {
  it('are those of their inputs and outputs, by id, the same each time', async () => {
    const greet = template('greet_all', {
      name: 'Greet */ all',
      version: '1.2.0',
      input: {
        type: 'object',
        properties: { who: { type: 'string' } },
        required: ['who'],
        additionalProperties: false,
      },
    });
    const text = await workflowTypesText([greet, template('a_first', { input: true })]);
    expect(text).toContain('export interface GreetAllInput {\n  who: string\n}');
    expect(text).toContain('export type GreetAllOutput = unknown;');
    expect(text).toContain('export type AFirstInput = unknown;');
    expect(text).toContain('  /** Greet *\\/ all, version 1.2.0 */');
    expect(text).toContain(
      '  readonly greet_all: { readonly input: GreetAllInput; readonly output: GreetAllOutput };',
    );
    expect(text.indexOf('a_first:')).toBeLessThan(text.indexOf('greet_all:'));
    expect(await workflowTypesText([template('a_first', { input: true }), greet])).toBe(text);
  });

  it('do not get into each other’s way, whatever their parts are called', async () => {
    const part = { title: 'Same', $id: 'urn:same', type: 'object', properties: { a: { type: 'string' } } };
    const input = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'Same',
      type: 'object',
      properties: { same: part, other: { $ref: '#/$defs/Same' }, title: { type: 'string' } },
      $defs: { Same: part },
    };
    const text = await workflowTypesText([template('one', { input }), template('two', { input })]);
    const declared = [...text.matchAll(/export (?:interface|type) (\w+)/g)].map(([, name]) => name);
    expect(new Set(declared).size).toBe(declared.length);
    expect(text).toContain('other?: OneInputSame\n');
    expect(text).toContain('title?: string\n');
  });

  it('are none where nothing is published', async () => {
    expect(await workflowTypesText([])).toContain('export interface AuraWorkflows {\n\n}');
  });
});
