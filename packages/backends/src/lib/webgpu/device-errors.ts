import { GanloomError } from '@ganloom/core';
import type { Device, WebgpuBackend } from './webgpu-types';

const forgetters = new WeakMap<WebgpuBackend, () => void>();

/**
 * Makes what a device reports an exception. WebGPU drops the commands that it finds invalid, with all
 * others of their buffer, and tells only listeners of the device; without one, whoever trains goes on with
 * wrong weights. From the report on every dispatch and every read throws, until the device is watched anew;
 * where it is lost, for good.
 */
export function watchDevice(backend: WebgpuBackend): void {
  const forget = forgetters.get(backend);
  if (forget) return forget();
  const { device } = backend;
  let report: string | undefined;
  let loss: string | undefined;
  forgetters.set(backend, () => (report = undefined));
  device.addEventListener?.('uncapturederror', (event) => {
    // It becomes an exception, so the console need not have it.
    event.preventDefault();
    report ??= `reports an error: ${firstLineOf(event.error.message)}`;
  });
  void device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') loss = `is lost: ${firstLineOf(message) || reason}`;
  });
  const check = () => {
    const fault = report ?? loss;
    if (fault !== undefined) {
      throw new GanloomError(
        `webgpu: the device ${fault}; what was computed since may be wrong: go back to a checkpoint, ` +
          'on another backend if it happens again',
      );
    }
  };
  const { runWebGPUProgram, read, readSync } = backend;
  backend.runWebGPUProgram = (...args: unknown[]) => {
    check();
    return runWebGPUProgram.apply(backend, args);
  };
  backend.read = async (dataId) => {
    check();
    const values = await read.call(backend, dataId);
    // The report of a command comes before its results.
    check();
    return values;
  };
  backend.readSync = (dataId) => {
    check();
    return readSync.call(backend, dataId);
  };
}

/** Whether a device is gone for good, whatever took it. */
export async function isLost({ lost }: Device): Promise<boolean> {
  // Of two promises that are fulfilled the first wins.
  return Promise.race([lost.then(() => true), Promise.resolve().then(() => false)]);
}

const firstLineOf = (message: string): string => message.trim().split('\n')[0]!;
