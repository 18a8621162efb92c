export { appendWhole, type WholeAppender } from './lib/append-whole';
export { makeFolder } from './lib/make-folder';
export { loadModel, saveModel } from './lib/model-files';
export { nameFile } from './lib/name-file';
export { isRunning, processIdentity, type ProcessIdentity } from './lib/process-identity';
export { readFolder } from './lib/read-folder';
export { readText } from './lib/read-text';
export { writeFileAtomic, writeJson } from './lib/write-file-atomic';
