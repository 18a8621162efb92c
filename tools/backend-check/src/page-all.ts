import { conformanceFamilies } from '@ganloom/kernels/testing';
import { kernelFindings } from './checks';
(window as any).allKernels = async (backend: string, from: number, to: number) => {
  const ordinary = ({ values, shape }: any) =>
    shape.every((d: number) => d > 0) &&
    values.every((v: number) => v === 0 || (Number.isFinite(v) && Math.abs(v) > 2 ** -126));
  const tests = conformanceFamilies
    .flatMap(({ tests }) => tests)
    .filter(({ kernels, name }) => !kernels && !/corners/.test(name))
    .slice(from, to)
    .map((test) => ({
      ...test,
      cases: () => [...test.cases()].filter((c) => c.inputs.every(ordinary)).slice(0, 40),
    }))
    .filter((t) => t.cases().length > 0);
  const t0 = performance.now();
  const f = await kernelFindings(backend, tests as any, 1e-4);
  return {
    ms: performance.now() - t0,
    n: tests.length,
    f: Object.fromEntries(Object.entries(f).filter(([, v]) => v)),
  };
};
