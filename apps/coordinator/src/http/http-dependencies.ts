import type { HealthAnswer } from '@aura/contracts';
import type { ClaimCheck } from '@aura/kernel';
import type { TraceContext } from '@aura/messaging';
import type { Coordinator } from '@aura/saga';
import type { Identify } from './identity/identify';
import type { HttpSettings } from './http-settings';

/** What the HTTP door needs of the process that it stands in. */
export interface HttpDependencies {
  readonly coordinator: Coordinator;
  /** Where uploaded images are kept. */
  readonly claims: Pick<ClaimCheck, 'put'>;
  /** How the process stands at this moment. */
  health(): HealthAnswer | Promise<HealthAnswer>;
  /** Gets one line for every error that nobody expected, and for feeds that broke. */
  log(line: string): void;
  /** What a workflow waits for that ships with Aura and cannot be published yet; undefined for any other. */
  pending?(workflow: string): readonly string[] | undefined;
  /**
   * What the events of a saga go on from; undefined when there is no such saga. Default: requests about sagas are traced
   * by themselves.
   */
  traceOf?(sagaId: string): Promise<TraceContext | undefined>;
  readonly settings?: Partial<HttpSettings>;
  /** Who makes a request; default `local:<os user>`, as nobody is asked to sign in. */
  readonly identify?: Identify;
}
