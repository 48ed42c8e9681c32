export { OPEN, Open } from '@aura/nest';
