import { runServiceProcess } from '@aura/nest';
import { nluModule } from './module';
import { nluSettings } from './settings';

void runServiceProcess({ service: 'nlu', module: nluModule, settings: nluSettings });
