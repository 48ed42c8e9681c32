import type { SagaSummary } from '@aura/contracts';
import type { FieldCondition, ViewRecord, ViewStore } from '@aura/kernel';
import type { SagaCursor, SagaPage, SagaQuery } from '../coordinator';
import { present } from '../machine/present';
import type { SagaViewBody, SagaViewField } from './saga-view';

type Views = ViewStore<SagaViewField>;
type Condition = FieldCondition<SagaViewField>;

/** Lists sagas by their views, newest first. Each status is asked for by itself, so that an index gives the order. */
export async function listSagas(views: Views, query: SagaQuery): Promise<SagaPage> {
  const statuses = query.status === undefined ? [undefined] : [...new Set(query.status)];
  const asked = statuses.map((status) => page(views, query, status));
  const found = (await Promise.all(asked)).flat().sort(newestFirst);
  const sagas = found.slice(0, query.limit);
  const last = sagas.at(-1);
  return {
    sagas: sagas.map(summaryOf),
    ...(last !== undefined && found.length > query.limit ? { next: cursorOf(last) } : {}),
  };
}

function page(views: Views, query: SagaQuery, status: string | undefined): ReturnType<Views['find']> {
  const { after, limit } = query;
  return views.find({
    where: [...(status === undefined ? [] : [equal('status', status)]), ...conditionsOf(query)],
    orderBy: { field: 'startedAt', direction: 'desc' },
    ...(after === undefined ? {} : { after: { value: after.startedAt, id: after.sagaId } }),
    limit: limit + 1,
  });
}

function conditionsOf({ workflow, userId, from, to, after }: SagaQuery): readonly Condition[] {
  return [
    ...(workflow === undefined ? [] : [equal('definition', workflow)]),
    ...(userId === undefined ? [] : [equal('userId', userId)]),
    ...(from === undefined ? [] : [{ field: 'startedAt', op: 'gte', value: from } as const]),
    ...(to === undefined ? [] : [{ field: 'startedAt', op: 'lt', value: to } as const]),
    // The cursor says it too, but as an alternative that no index can begin at.
    ...(after === undefined ? [] : [{ field: 'startedAt', op: 'lte', value: after.startedAt } as const]),
  ];
}

function equal(field: SagaViewField, value: string): Condition {
  return { field, op: 'eq', value };
}

function newestFirst(left: ViewRecord<SagaViewField>, right: ViewRecord<SagaViewField>): number {
  const younger = Number(right.fields.startedAt) - Number(left.fields.startedAt);
  return younger === 0 ? (left.id < right.id ? 1 : -1) : younger;
}

function cursorOf({ id, fields }: ViewRecord<SagaViewField>): SagaCursor {
  return { startedAt: Number(fields.startedAt), sagaId: id };
}

function summaryOf({ id, fields, body }: ViewRecord<SagaViewField>): SagaSummary {
  const { error } = JSON.parse(body) as SagaViewBody;
  const { userId, endedAt } = fields;
  return {
    sagaId: id,
    workflow: String(fields.definition),
    version: String(fields.version),
    status: fields.status as SagaSummary['status'],
    startedAt: iso(fields.startedAt),
    ...present({
      userId: userId === null ? undefined : String(userId),
      endedAt: endedAt === null ? undefined : iso(endedAt),
      error: error ?? undefined,
    }),
  };
}

function iso(time: string | number | null): string {
  return new Date(Number(time)).toISOString();
}
