/** Remembers the last result while its inputs are the same objects: a keystroke must not sort a thousand cases. */
export function remembered<T>() {
  let last: { keys: readonly unknown[]; value: T } | null = null;
  return (keys: readonly unknown[], make: () => T): T => {
    if (last && keys.length === last.keys.length && keys.every((key, n) => Object.is(key, last?.keys[n])))
      return last.value;
    last = { keys, value: make() };
    return last.value;
  };
}
