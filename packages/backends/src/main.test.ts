import { captureOutput } from '@ganloom/test-tools';
import { afterEach, expect, it, vi } from 'vitest';
import { describeBackends } from './lib/describe-backends';

vi.mock('./lib/describe-backends');

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

it('says why it cannot describe, and ends with 1', async () => {
  vi.mocked(describeBackends).mockRejectedValue(new Error('no memory'));
  const said = captureOutput();
  await import('./main');
  await vi.waitFor(() => expect(process.exitCode).toBe(1));
  expect(said.join('')).toContain('ganloom-backends: no memory');
});
