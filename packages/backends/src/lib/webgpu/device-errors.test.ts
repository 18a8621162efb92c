import { GanloomError } from '@ganloom/core';
import { expect, it } from 'vitest';
import { isLost, watchDevice } from './device-errors';
import type { Device, WebgpuBackend } from './webgpu-types';

type Listener = Parameters<NonNullable<Device['addEventListener']>>[1];

/** A backend that computes nothing, on a device that says what the test tells it to. */
function fakeBackend() {
  const listeners: Listener[] = [];
  let lose: (info: { reason: string; message: string }) => void = () => undefined;
  const lost = new Promise<{ reason: string; message: string }>((resolve) => (lose = resolve));
  const calls: unknown[][] = [];
  const device: Device = {
    limits: {},
    lost,
    addEventListener: (_, listener) => void listeners.push(listener),
  };
  const backend = {
    device,
    runWebGPUProgram: (...args: unknown[]) => void calls.push(args),
    read: async () => Float32Array.of(1),
    readSync: () => Float32Array.of(2),
  } as unknown as WebgpuBackend;
  let prevented = 0;
  const fail = (message: string) => {
    for (const listener of listeners) {
      listener({ error: { message }, preventDefault: () => void prevented++ });
    }
  };
  return { backend, calls, fail, lose, listeners, prevented: () => prevented };
}

it('leaves a sound device alone', async () => {
  const { backend, calls } = fakeBackend();
  watchDevice(backend);
  backend.runWebGPUProgram('program', []);
  expect(calls).toEqual([['program', []]]);
  expect(await backend.read({})).toEqual(Float32Array.of(1));
  expect(backend.readSync({})).toEqual(Float32Array.of(2));
});

it('throws at each dispatch and read after an error, the first that came', async () => {
  const { backend, calls, fail, prevented } = fakeBackend();
  watchDevice(backend);
  fail('The number of storage buffers (9) exceeds 8.\n - While validating');
  fail('Invalid command buffer.');
  const message =
    'webgpu: the device reports an error: The number of storage buffers (9) exceeds 8.; what was ' +
    'computed since may be wrong: go back to a checkpoint, on another backend if it happens again';
  expect(() => backend.runWebGPUProgram()).toThrow(new GanloomError(message));
  expect(() => backend.readSync({})).toThrow(message);
  await expect(backend.read({})).rejects.toThrow(message);
  expect(calls).toEqual([]);
  expect(prevented()).toBe(2);
});

it('rejects a read during which the error comes', async () => {
  const { backend, fail } = fakeBackend();
  watchDevice(backend);
  const read = backend.read({});
  fail('Out of memory.');
  await expect(read).rejects.toThrow('Out of memory.');
});

it('throws when the device is lost, but not when it is given back', async () => {
  const lost = fakeBackend();
  watchDevice(lost.backend);
  lost.lose({ reason: 'unknown', message: '' });
  await Promise.resolve();
  expect(() => lost.backend.runWebGPUProgram()).toThrow('webgpu: the device is lost: unknown;');
  const destroyed = fakeBackend();
  watchDevice(destroyed.backend);
  destroyed.lose({ reason: 'destroyed', message: '' });
  await Promise.resolve();
  destroyed.backend.runWebGPUProgram();
});

it('begins anew when it is watched again, with one listener', () => {
  const { backend, fail, listeners } = fakeBackend();
  watchDevice(backend);
  fail('Out of memory.');
  watchDevice(backend);
  backend.runWebGPUProgram();
  expect(listeners.length).toBe(1);
  fail('Out of memory.');
  expect(() => backend.runWebGPUProgram()).toThrow('Out of memory.');
});

it('stays lost when it is watched again', async () => {
  const { backend, lose } = fakeBackend();
  watchDevice(backend);
  expect(await isLost(backend.device)).toBe(false);
  lose({ reason: 'unknown', message: 'a driver reset' });
  expect(await isLost(backend.device)).toBe(true);
  watchDevice(backend);
  expect(() => backend.runWebGPUProgram()).toThrow('webgpu: the device is lost: a driver reset;');
});

it('takes a device that cannot be listened to', () => {
  const { backend, calls } = fakeBackend();
  delete (backend.device as { addEventListener?: unknown }).addEventListener;
  watchDevice(backend);
  backend.runWebGPUProgram('program');
  expect(calls).toEqual([['program']]);
});
