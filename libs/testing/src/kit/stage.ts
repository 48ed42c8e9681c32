import { hasEnded, sagaStatus } from '@aura/contracts';
import type { CloudEvent, JsonValue, SagaStatus } from '@aura/contracts';
import { AuraError } from '@aura/kernel';
import { STEPS_EXCHANGE } from '@aura/messaging';
import { COORDINATOR, Installation } from '../installation/installation';
import type { Faults } from '../faults/fault';
import { Client } from './client';
import { lackingLiveness } from './lacking-liveness';
import { outcomeOf } from './outcome';
import type { Given, Outcome, PersonalAct, When } from './scenario';

const BY_TEST = { subject: 'test', roles: [] } as const;
/** How long a saga may take, ms of virtual time: a week. */
const PATIENCE_MS = 7 * 24 * 3_600_000;
const ACTIVE_MS = 60_000;
/** A coordinator that is asked little needs few partitions. */
const SMALL = { partitions: 2 };

/** An installation that has what a saga needs: participants, active definitions, sagas that ran before. */
export class Stage {
  readonly installation: Installation;
  readonly client: Client;
  readonly events = new Map<string, CloudEvent>();
  readonly warnings: string[] = [];
  #starts = 0;

  private constructor(
    readonly given: Given,
    onTrace: ((line: string) => void) | undefined,
  ) {
    this.installation = new Installation(given.seed ?? '1', {
      onPublish: ({ event, to }) => {
        const isTold = to.some((one) => one.kind === 'exchange' && one.exchange !== STEPS_EXCHANGE);
        const key = `${event.source} ${event.id}`;
        if (!this.events.has(key) && (isTold || event.aurastep !== undefined)) this.events.set(key, event);
      },
      onWarning: (process, sentence) => void this.warnings.push(`${process}: ${sentence}`),
      ...(onTrace === undefined ? {} : { onTrace }),
    });
    this.client = new Client(this.installation);
  }

  /** Sets a stage: starts everything and waits until every definition is active. */
  static async set(given: Given, onTrace?: (line: string) => void): Promise<Stage> {
    const stage = new Stage(given, onTrace);
    const { installation } = stage;
    addProcesses(installation, given);
    await installation.until(() => installation.hosts.every(({ isUp }) => isUp), ACTIVE_MS);
    await installation.timeline.advance(1000);
    for (const definition of given.definitions) await stage.#publish(definition);
    for (const saga of given.sagas ?? []) await stage.play(saga);
    return stage;
  }

  /** Runs a saga until it has ended or waits for a person, and all is quiet. */
  async play(when: When, faults?: Faults): Promise<Outcome> {
    const { around, timeline } = this.installation;
    if (faults !== undefined) around.faults = faults;
    const saga = await this.start(when);
    const isThere = await this.installation.until(() => this.isSettled(saga), PATIENCE_MS);
    for (const act of when.afterwards ?? []) await this.#act(saga, act);
    await this.installation.until(() => this.isQuiet, PATIENCE_MS);
    around.faults = { at: () => undefined };
    // Views are written behind; what is still on its way to them arrives.
    await timeline.advance(3000);
    const detail = await this.client.ask((coordinator) => coordinator.find(saga));
    if (detail === undefined || !isThere) throw neverEnds(saga, when, detail?.status);
    const lacking = await this.client.ask(lackingLiveness);
    if (lacking.length > 0) throw notAlive(lacking);
    return outcomeOf(this, detail);
  }

  /** Starts a saga; answers its id. */
  async start({ workflow, version, input = {}, userId }: When): Promise<string> {
    this.#starts += 1;
    const request = {
      workflow,
      input,
      actor: BY_TEST,
      idempotencyKey: `start-${this.#starts}`,
      ...(version === undefined ? {} : { version }),
      ...(userId === undefined ? {} : { userId }),
    };
    const started = await this.client.ask((coordinator) => coordinator.start(request));
    if (started.ok) return started.value.sagaId;
    const { code, message, help, errors } = started.error;
    throw new AuraError(message, { code, help, details: { workflow, errors } });
  }

  /** Whether a saga has ended, or waits for a person. */
  isSettled(saga: string): boolean {
    const view = this.installation.stores(COORDINATOR).views.table('sagas').get(saga);
    const read = sagaStatus.safeParse(view?.fields['status']);
    return read.success && isSettledAs(read.data);
  }

  /** Lets a person act, and waits until the saga has settled again by its journal: its view may be behind. */
  async #act(saga: string, act: PersonalAct): Promise<void> {
    await this.client.ask((coordinator) => act(coordinator, saga));
    const { timeline } = this.installation;
    const end = timeline.elapsed + PATIENCE_MS;
    while (timeline.elapsed < end) {
      const detail = await this.client.ask((coordinator) => coordinator.find(saga));
      if (detail !== undefined && isSettledAs(detail.status)) return;
      await timeline.advance(500);
    }
  }

  /** Whether nothing waits in any queue or hand. */
  get isQuiet(): boolean {
    return this.installation.broker.queues.every(
      (queue) => queue.waiting + queue.inHand + queue.coming === 0,
    );
  }

  async #publish(definition: string | JsonValue): Promise<void> {
    const text = typeof definition === 'string' ? definition : JSON.stringify(definition);
    const end = this.installation.timeline.elapsed + ACTIVE_MS;
    let standing = 'nothing was answered';
    while (this.installation.timeline.elapsed < end) {
      const published = await this.client.ask((one) => one.publishDefinition(text, 'definition', BY_TEST));
      if (published.ok && published.value.status === 'active') return;
      if (!published.ok && published.error.some(({ code }) => code !== 'UNKNOWN_ACTION'))
        throw refused(published.error);
      standing = published.ok ? 'it waits for participants' : refused(published.error).message;
      await this.installation.timeline.advance(1000);
    }
    throw new AuraError(`a definition was not active within ${ACTIVE_MS} ms of virtual time: ${standing}`, {
      code: 'NOT_ACTIVE',
      help: 'Give every participant whose actions the definition names.',
    });
  }
}

function isSettledAs(status: SagaStatus): boolean {
  return hasEnded(status) || status === 'suspended' || status === 'compensation_failed';
}

function notAlive(lacking: readonly string[]): AuraError {
  return new AuraError(lacking.join('\n'), {
    code: 'LACKS_LIVENESS',
    help: 'Whatever has not ended says what it waits for, until when and who acts: this is a defect of Aura.',
  });
}

/** Puts up everything that runs. */
function addProcesses(
  installation: Installation,
  { coordinator, coordinators = 1, instances = 1, participants }: Given,
): void {
  for (let n = 1; n <= coordinators; n++)
    installation.addCoordinator(`coordinator${n === 1 ? '' : `-${n}`}`, { ...SMALL, ...coordinator });
  for (const participant of participants)
    for (let n = 1; n <= instances; n++) installation.addParticipant(participant, `${participant.name}-${n}`);
}

function refused(problems: readonly { readonly code: string; readonly message: string }[]): AuraError {
  const all = problems.map(({ code, message }) => `${code}: ${message}`).join('\n');
  return new AuraError(`a definition is refused:\n${all}`, {
    code: 'DEFINITION_REFUSED',
    help: 'Mend the definition.',
  });
}

function neverEnds(saga: string, { workflow }: When, status: string | undefined): AuraError {
  return new AuraError(`saga ${saga} of ${workflow} did not end; it is ${status ?? 'not known'}`, {
    code: 'STUCK',
    help: 'Handlers must end without real I/O or timers: time is virtual here.',
  });
}
