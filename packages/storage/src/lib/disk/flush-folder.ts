import { open } from 'node:fs/promises';

/** Makes new names in a folder outlive a power cut. */
export async function flushFolder(path: string): Promise<void> {
  // It opens no folders, and needs none of this.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
