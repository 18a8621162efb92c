export { vitestConfig as default } from '@ganloom/config/vitest';
