import { runServiceProcess } from '@aura/nest';
import { combinationEngineModule } from './module';

void runServiceProcess({ service: 'combination-engine', module: combinationEngineModule });
