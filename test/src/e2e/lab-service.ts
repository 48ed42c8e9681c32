import { participantModule, runServiceProcess } from '@aura/nest';
import { labParticipantOf } from './lab-participants';

// One participant of the lab as a process on servers: `node lab-service.js <participant>`.
const participant = labParticipantOf(process.argv[2]);
const module_ = participantModule({ name: participant.name, participant: () => participant });

void runServiceProcess({ service: participant.name, module: module_, args: process.argv.slice(3) });
