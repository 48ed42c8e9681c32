import { hasEnded } from '@aura/contracts';
import type { JsonValue, SagaDetail } from '@aura/contracts';
import type { Installation } from '@aura/testing';
import { claimsOf, FULL_PURSE } from '../domain';
import type { DefinitionSpec, StepSpec } from '../random-definition';
import type { Report } from '../violation';
import { sagaIn } from './while-running';

/** What came of one step in the purses: the change in each, by its name. */
type Net = Map<string, number>;

/** Everything that the purses' journals say, by saga and step. */
export class Effects {
  readonly #nets = new Map<string, Net>();

  constructor(
    installation: Installation,
    private readonly report: Report,
  ) {
    for (const [namespace, { journal }] of installation.namespaces)
      for (const [stream, rows] of journal.streams())
        if (stream.includes('-purse/')) this.#take(namespace, stream, rows);
  }

  /** A saga's effects against how it ended. */
  check(saga: SagaDetail, spec: DefinitionSpec): void {
    for (const step of spec.steps) if (step.kind === 'stateful') this.#checkStep(saga, step);
  }

  /** Money is moved, never made: the changes of every step of an ended saga add up to nothing. */
  checkMoney(sagas: readonly SagaDetail[]): void {
    const ended = new Set(sagas.filter(({ status }) => hasEnded(status)).map(({ sagaId }) => sagaId));
    for (const [key, net] of this.#nets) {
      // What a stopped saga left half-way waits for a person with it.
      if (!ended.has(sagaIn(key) ?? '')) continue;
      const sum = [...net.values()].reduce((total, cents) => total + cents, 0);
      if (sum !== 0) this.report(9, `${key} made ${sum} cents`, sagaIn(key));
    }
  }

  #checkStep(saga: SagaDetail, step: StepSpec): void {
    const net = this.#nets.get(`${saga.sagaId}/${step.id}`);
    const moved = [...(net ?? [])].filter(([, cents]) => cents !== 0);
    const wanted = wantedOf(saga, step);
    if (wanted === undefined) return;
    const isSame =
      moved.length === wanted.size && moved.every(([purse, cents]) => wanted.get(purse) === cents);
    if (isSame) return;
    const told = `${JSON.stringify(Object.fromEntries(moved))}, not ${JSON.stringify(Object.fromEntries(wanted))}`;
    const invariant = wanted.size > 0 ? 1 : 4;
    this.report(invariant, `saga is ${saga.status} and ${step.id} moved ${told}`, saga.sagaId);
  }

  #take(namespace: string, stream: string, rows: readonly { readonly body: string }[]): void {
    let cents = FULL_PURSE;
    for (const { body } of rows) {
      const { changes } = JSON.parse(body) as { readonly changes: Readonly<Record<string, JsonValue>> };
      for (const [operation, change] of Object.entries(changes)) {
        cents += Number(change);
        const [, saga = '', , step = ''] = operation.split('/');
        const key = `${saga}/${step}`;
        const net = this.#nets.get(key) ?? new Map<string, number>();
        this.#nets.set(key, net.set(stream, (net.get(stream) ?? 0) + Number(change)));
      }
    }
    if (!Number.isSafeInteger(cents)) this.report(9, `${stream} of ${namespace} holds ${cents}`);
  }
}

const NOTHING: ReadonlyMap<string, number> = new Map();

/** What a step should have moved, once its saga has ended; undefined while nobody can say. */
function wantedOf(saga: SagaDetail, step: StepSpec): ReadonlyMap<string, number> | undefined {
  if (['failed', 'compensated', 'cancelled'].includes(saga.status)) return NOTHING;
  if (saga.status !== 'completed') return undefined;
  if (!hasCompletedItself(saga, step)) return NOTHING;
  const { n } = saga.input as { readonly n: number };
  const claims = claimsOf(step.participant, { n, salt: step.salt });
  return new Map(claims.map(({ type, id, amount }) => [`${type}/${id}`, Number(amount)]));
}

/** Neither by its fallback nor by a default. */
function hasCompletedItself(saga: SagaDetail, { id }: StepSpec): boolean {
  const step = saga.steps.find((one) => one.id === id);
  return step?.status === 'completed' && step.error === undefined && step.byFallback !== true;
}
