import type { ViewStore } from '@aura/kernel';
import { Catalogue, PARTICIPANT_VIEWS } from './catalogue';
import { Chronicle } from './chronicle';
import { DEAD_LETTER_VIEWS } from './dead-letters';
import type { DeadLetterField } from './dead-letters';
import { DEFINITION_VIEWS } from './definition-record';
import type { DefinitionField } from './definition-record';
import { DefinitionStore } from './definition-store';
import { Definitions } from './definitions';
import { EARLY_VIEWS, EarlyEvents } from './early-events';
import type { CoordinatorOptions, CoordinatorPorts } from './ports';
import { openIncarnation } from './store-incarnations';
import { SAGA_VIEWS } from './saga-view';
import type { SagaViewField } from './saga-view';
import type { Incarnation } from '../transaction/incarnation';
import { TRANSACTION_VIEWS } from './transactions/transaction-view';
import type { TransactionViewField } from './transactions/transaction-view';
import { WAIT_VIEWS } from './wait-views';
import type { WaitField } from './wait-views';

/** Ports of a running coordinator, each of them there. */
export type EnginePorts = Required<CoordinatorPorts>;

/** What a coordinator is made of that stands before it runs. */
export interface EngineParts {
  readonly sagas: ViewStore<SagaViewField>;
  readonly catalogue: Catalogue;
  readonly store: DefinitionStore;
  readonly definitionViews: ViewStore<DefinitionField>;
  readonly definitions: Definitions;
  readonly early: EarlyEvents;
  readonly waits: ViewStore<WaitField>;
  readonly letters: ViewStore<DeadLetterField>;
  readonly chronicle: Chronicle;
  readonly transactions: ViewStore<TransactionViewField>;
  /** Of the store, as long as this instance runs. */
  readonly incarnation: Incarnation;
}

/** Opens the collections of views and what stands on them. */
export async function openParts(ports: EnginePorts, options: CoordinatorOptions): Promise<EngineParts> {
  const [sagas, definitions, participants, early, letters, transactions, waits] = await Promise.all([
    ports.views.open(SAGA_VIEWS),
    ports.views.open(DEFINITION_VIEWS),
    ports.views.open(PARTICIPANT_VIEWS),
    ports.views.open(EARLY_VIEWS),
    ports.views.open(DEAD_LETTER_VIEWS),
    ports.views.open(TRANSACTION_VIEWS),
    ports.views.open(WAIT_VIEWS),
  ]);
  const catalogue = new Catalogue(participants, ports.world);
  const store = new DefinitionStore(ports, definitions);
  return {
    sagas,
    catalogue,
    store,
    definitionViews: definitions,
    definitions: new Definitions(ports, options, store, catalogue),
    early: new EarlyEvents(early, ports.world),
    letters,
    transactions,
    incarnation: await openIncarnation(ports.journal, ports.world.clock),
    waits,
    chronicle: new Chronicle(ports.meter, ports.log),
  };
}
