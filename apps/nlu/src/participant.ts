import type { ParticipantDefinition } from '@aura/workflow';
import { understandQuery } from './actions/understand-query';

/** The service that reads what people ask for. It keeps nothing. */
export function nluParticipant(): ParticipantDefinition {
  return { name: 'nlu', version: '1.0.0', actions: [understandQuery] };
}
