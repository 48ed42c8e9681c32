import { runServiceProcess } from '@aura/nest';
import { nluModule } from './module';

void runServiceProcess({ service: 'nlu', module: nluModule });
