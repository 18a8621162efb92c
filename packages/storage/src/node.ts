export { diskStore } from './lib/disk/disk-store';
export { writeFileAtomic, writeJson } from './lib/disk/write-file-atomic';
