// The geometry of a convolution or pooling, shared by its forward and backward jobs. "Big" is the
// input of the forward pass, "small" its output.
import { arg, setArg } from './layout';

const GEOMETRY: usize = 16;
// @ts-expect-error: AssemblyScript decorator
@inline export function batch(): i32 { return arg(GEOMETRY); }
// @ts-expect-error: AssemblyScript decorator
@inline export function bigH(): i32 { return arg(GEOMETRY + 1); }
// @ts-expect-error: AssemblyScript decorator
@inline export function bigW(): i32 { return arg(GEOMETRY + 2); }
// @ts-expect-error: AssemblyScript decorator
@inline export function bigC(): i32 { return arg(GEOMETRY + 3); }
// @ts-expect-error: AssemblyScript decorator
@inline export function smallH(): i32 { return arg(GEOMETRY + 4); }
// @ts-expect-error: AssemblyScript decorator
@inline export function smallW(): i32 { return arg(GEOMETRY + 5); }
// @ts-expect-error: AssemblyScript decorator
@inline export function smallC(): i32 { return arg(GEOMETRY + 6); }
// @ts-expect-error: AssemblyScript decorator
@inline export function kernelH(): i32 { return arg(GEOMETRY + 7); }
// @ts-expect-error: AssemblyScript decorator
@inline export function kernelW(): i32 { return arg(GEOMETRY + 8); }
// @ts-expect-error: AssemblyScript decorator
@inline export function strideH(): i32 { return arg(GEOMETRY + 9); }
// @ts-expect-error: AssemblyScript decorator
@inline export function strideW(): i32 { return arg(GEOMETRY + 10); }
// @ts-expect-error: AssemblyScript decorator
@inline export function padTop(): i32 { return arg(GEOMETRY + 11); }
// @ts-expect-error: AssemblyScript decorator
@inline export function padLeft(): i32 { return arg(GEOMETRY + 12); }
// @ts-expect-error: AssemblyScript decorator
@inline export function dilationH(): i32 { return arg(GEOMETRY + 13); }
// @ts-expect-error: AssemblyScript decorator
@inline export function dilationW(): i32 { return arg(GEOMETRY + 14); }

/** Sets the geometry for the next job over windows. */
export function convGeometry(
  n: i32, bh: i32, bw: i32, bc: i32, sh: i32, sw: i32, sc: i32, kh: i32, kw: i32,
  strideH: i32, strideW: i32, top: i32, left: i32, dilationH: i32, dilationW: i32,
): void {
  setArg(GEOMETRY, n); setArg(GEOMETRY + 1, bh); setArg(GEOMETRY + 2, bw); setArg(GEOMETRY + 3, bc);
  setArg(GEOMETRY + 4, sh); setArg(GEOMETRY + 5, sw); setArg(GEOMETRY + 6, sc);
  setArg(GEOMETRY + 7, kh); setArg(GEOMETRY + 8, kw);
  setArg(GEOMETRY + 9, strideH); setArg(GEOMETRY + 10, strideW);
  setArg(GEOMETRY + 11, top); setArg(GEOMETRY + 12, left);
  setArg(GEOMETRY + 13, dilationH); setArg(GEOMETRY + 14, dilationW);
}
