// A fork–join pool. One 64-bit word holds generation, task count and next task, so that one atomic
// addition takes a task and says which job it belongs to: a thread that comes late can never run a
// task of a job that is gone. Results do not depend on which thread runs a task.
import { POOL } from './layout';

const WORD: usize = POOL;
const COMPLETED: usize = POOL + 64;
const EPOCH: usize = POOL + 128;
const SLEEPERS: usize = POOL + 192;
const JOB: usize = POOL + 256;
const READY: usize = POOL + 320;
const FAILED: usize = POOL + 384;
const STOP: usize = POOL + 448;
const WAITING: usize = POOL + 512;

const COUNT_BITS: u64 = 20;
const COUNT_MASK: u64 = (1 << 20) - 1;
/** Looks before sleeping: some tens of microseconds, the time between two kernels of a step. */
const SPINS: i32 = 5000;
/** A sleeping caller looks again after this long (in nanoseconds), to notice a dead worker. */
const NAP: i64 = 1000000;

/** Whether the calling thread may sleep: a page's main thread may not. */
let mayWait: bool = false;

export function setMayWait(value: bool): void {
  mayWait = value;
}

function takeAndRun(): bool {
  const word = atomic.add<u64>(WORD, 1);
  const next = word & COUNT_MASK;
  const total = (word >> COUNT_BITS) & COUNT_MASK;
  if (next >= total) return false;
  call_indirect<void>(load<u32>(JOB), <i32>next);
  atomic.add<i32>(COMPLETED, 1);
  if (atomic.load<i32>(WAITING)) atomic.notify(COMPLETED, 1);
  return true;
}

/** Spins, then sleeps: on a busy machine the thread that is waited for needs the core. */
function awaitCompletion(total: i32): void {
  let spins = SPINS;
  let completed = atomic.load<i32>(COMPLETED);
  while (completed < total) {
    if (atomic.load<i32>(FAILED)) unreachable();
    if (--spins < 0 && mayWait) {
      atomic.store<i32>(WAITING, 1);
      atomic.wait<i32>(COMPLETED, completed, NAP);
      atomic.store<i32>(WAITING, 0);
    }
    completed = atomic.load<i32>(COMPLETED);
  }
}

/** Runs `job(0) … job(total − 1)` on all threads and returns when every one is done. */
export function parallel(job: u32, total: i32): void {
  if (total == 1 || <u64>total > COUNT_MASK || atomic.load<i32>(READY) == 0) {
    for (let i = 0; i < total; ++i) call_indirect<void>(job, i);
    return;
  }
  store<u32>(JOB, job);
  atomic.store<i32>(COMPLETED, 0);
  const generation = (atomic.load<u64>(WORD) >> 40) + 1;
  atomic.store<u64>(WORD, (generation << 40) | (<u64>total << COUNT_BITS));
  atomic.add<i32>(EPOCH, 1);
  if (atomic.load<i32>(SLEEPERS) > 0) atomic.notify(EPOCH, -1);
  while (takeAndRun()) {}
  awaitCompletion(total);
}

/** A worker thread's life: run tasks, spin a little, sleep; returns when the pool stops. */
export function workerLoop(): void {
  let epoch = atomic.load<i32>(EPOCH);
  atomic.add<i32>(READY, 1);
  while (!atomic.load<i32>(STOP)) {
    while (takeAndRun()) {}
    let spins = SPINS;
    while (spins > 0 && atomic.load<i32>(EPOCH) == epoch) --spins;
    if (spins == 0) {
      atomic.add<i32>(SLEEPERS, 1);
      atomic.wait<i32>(EPOCH, epoch, -1);
      atomic.sub<i32>(SLEEPERS, 1);
    }
    epoch = atomic.load<i32>(EPOCH);
  }
}

export function readyWorkers(): i32 {
  return atomic.load<i32>(READY);
}

/** Called for a worker that died: waiting for it would never end. */
export function workerFailed(): void {
  atomic.store<i32>(FAILED, 1);
}

/** Makes every worker leave its loop; the pool runs on the calling thread alone from then on. */
export function stopWorkers(): void {
  atomic.store<i32>(READY, 0);
  // Tasks that are left of a job that failed must not start: the next job writes over its arguments.
  const generation = (atomic.load<u64>(WORD) >> 40) + 1;
  atomic.store<u64>(WORD, generation << 40);
  atomic.store<i32>(STOP, 1);
  atomic.add<i32>(EPOCH, 1);
  atomic.notify(EPOCH, -1);
}
