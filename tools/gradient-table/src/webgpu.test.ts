import { checkInChromium } from './check-in-chromium';

checkInChromium('webgpu');
