import type { ParticipantDefinition } from '@aura/workflow';
import { analyseImage } from './actions/analyse-image';

/** The service that looks at pictures. It keeps nothing: bytes come by digest from the claim check. */
export function imageProcessingParticipant(): ParticipantDefinition {
  return { name: 'image-processing', version: '1.0.0', actions: [analyseImage] };
}
