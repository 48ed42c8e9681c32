import { participantModule, runServiceProcess } from '@aura/nest';
import { loadParticipantOf } from './load-participants';

// One participant of a fault run as a process on servers: `node load-service.js <participant>`.
const participant = loadParticipantOf(process.argv[2]);
const module_ = participantModule({ name: participant.name, participant: () => participant });

void runServiceProcess({ service: participant.name, module: module_, args: process.argv.slice(3) });
