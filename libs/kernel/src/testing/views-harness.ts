import type { ViewDefinition, ViewRecord, ViewStores } from '../views';
import type { Harness } from './conformance';

/** An opened adapter for views under test. Namespaces are apart from each other and empty at first. */
export interface ViewsHarness extends Harness {
  /** The views of a namespace; after `reopen` they are asked for again. */
  views(namespace: string): ViewStores;
}

/** Fields of the sample view. */
export type SampleField = 'status' | 'owner' | 'updated_at' | 'size';

/** A view collection for tests: two text fields, two integer fields, two indexes. */
export const sampleViews: ViewDefinition<SampleField> = {
  name: 'sample',
  fields: { status: 'text', owner: 'text', updated_at: 'integer', size: 'integer' },
  indexes: [['status', 'updated_at'], ['updated_at']],
};

/** A record for tests: what is not given has plain values. */
export function sampleRecord(
  id: string,
  fields: Partial<ViewRecord<SampleField>['fields']> = {},
  version = 1,
): ViewRecord<SampleField> {
  return {
    id,
    version,
    fields: { status: 'running', owner: null, updated_at: 0, size: 0, ...fields },
    body: JSON.stringify({ id, version }),
  };
}
