export { imageProcessingParticipant } from './participant';
export { analyseImage, analyseImageInput } from './actions/analyse-image';
export { imageProcessingModule } from './module';
