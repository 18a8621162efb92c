/**
 * Memory blocks over one growing range of addresses: segregated free lists (four size classes per
 * doubling), first fit, splitting, and joining of free neighbors.
 *
 * All state is here, none in the managed memory, so that a kernel that writes out of bounds cannot
 * corrupt it.
 */
export class Allocator {
  readonly #grow: (bytes: number) => number;
  readonly #bins: Block[][] = [];
  readonly #used = new Map<number, Block>();
  #last: Block | undefined;
  #end: number;
  #usedBytes = 0;
  #peakBytes = 0;

  /**
   * @param start First free address, a multiple of 64.
   * @param end End of the memory there is now.
   * @param grow Makes at least `bytes` more memory and returns its new end; throws if it cannot.
   */
  constructor(start: number, end: number, grow: (bytes: number) => number) {
    this.#grow = grow;
    this.#end = end;
    for (let i = 0; i < 160; i++) this.#bins.push([]);
    this.#last = {
      address: start,
      bytes: end - start,
      free: true,
      bin: 0,
      slot: 0,
      previous: undefined,
      next: undefined,
    };
    this.#insert(this.#last);
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  get peakBytes(): number {
    return this.#peakBytes;
  }

  get totalBytes(): number {
    return this.#end;
  }

  /** The address of at least `bytes` bytes, aligned to 64. */
  allocate(bytes: number): number {
    const size = Math.max(64, Math.ceil(bytes / 64) * 64);
    let block = this.#find(size);
    if (block === undefined) {
      this.#extend(size);
      block = this.#find(size)!;
    }
    this.#remove(block);
    if (block.bytes - size >= 64) {
      const rest: Block = {
        address: block.address + size,
        bytes: block.bytes - size,
        free: true,
        bin: 0,
        slot: 0,
        previous: block,
        next: block.next,
      };
      if (block.next === undefined) this.#last = rest;
      else block.next.previous = rest;
      block.next = rest;
      block.bytes = size;
      this.#insert(rest);
    }
    block.free = false;
    this.#used.set(block.address, block);
    this.#usedBytes += block.bytes;
    this.#peakBytes = Math.max(this.#peakBytes, this.#usedBytes);
    return block.address;
  }

  free(address: number): void {
    let block = this.#used.get(address);
    if (block === undefined) throw new RangeError(`Allocator.free: no block at ${address}`);
    this.#used.delete(address);
    this.#usedBytes -= block.bytes;
    const { previous, next } = block;
    if (next?.free) {
      this.#remove(next);
      this.#join(block, next);
    }
    if (previous?.free) {
      this.#remove(previous);
      this.#join(previous, block);
      block = previous;
    }
    block.free = true;
    this.#insert(block);
  }

  #join(left: Block, right: Block): void {
    left.bytes += right.bytes;
    left.next = right.next;
    if (right.next === undefined) this.#last = left;
    else right.next.previous = left;
  }

  #find(size: number): Block | undefined {
    let bin = binOf(size);
    // Blocks of the same class may be a little smaller than asked for; those of the next are not.
    for (const block of this.#bins[bin]!) if (block.bytes >= size) return block;
    for (bin += 1; bin < this.#bins.length; bin++) {
      const list = this.#bins[bin]!;
      if (list.length > 0) return list[list.length - 1];
    }
    return undefined;
  }

  #extend(size: number): void {
    const last = this.#last!;
    const missing = last.free ? size - last.bytes : size;
    const end = this.#grow(missing);
    const added = end - this.#end;
    if (last.free) {
      this.#remove(last);
      last.bytes += added;
      this.#insert(last);
    } else {
      const block: Block = {
        address: this.#end,
        bytes: added,
        free: true,
        bin: 0,
        slot: 0,
        previous: last,
        next: undefined,
      };
      last.next = block;
      this.#last = block;
      this.#insert(block);
    }
    this.#end = end;
  }

  #insert(block: Block): void {
    block.bin = binOf(block.bytes);
    const list = this.#bins[block.bin]!;
    block.slot = list.length;
    list.push(block);
  }

  #remove(block: Block): void {
    const list = this.#bins[block.bin]!;
    const moved = list.pop()!;
    if (moved !== block) {
      list[block.slot] = moved;
      moved.slot = block.slot;
    }
  }
}

interface Block {
  address: number;
  bytes: number;
  free: boolean;
  bin: number;
  slot: number;
  previous: Block | undefined;
  next: Block | undefined;
}

/** Class of a size in bytes: four per doubling. */
function binOf(bytes: number): number {
  const units = bytes / 64;
  const log = 31 - Math.clz32(units);
  const quarter = log >= 2 ? Math.floor(units / 2 ** (log - 2)) - 4 : 0;
  return 4 * log + quarter;
}
