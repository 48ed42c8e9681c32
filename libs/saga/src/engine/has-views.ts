import type { ViewStore } from '@aura/kernel';
import type { SagaViewField } from './saga-view';

/** Whether a partition has views at all: without any they are lost, and rebuilt from the journals. */
export async function hasViews(sagas: ViewStore<SagaViewField>, partition: number): Promise<boolean> {
  const [one] = await sagas.find({
    where: [{ field: 'partition', op: 'eq', value: partition }],
    orderBy: { field: 'dueAt', direction: 'asc' },
    limit: 1,
  });
  return one !== undefined;
}
