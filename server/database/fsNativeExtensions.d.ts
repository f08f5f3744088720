/** The package has no types; this is the part we use. */
declare module 'fs-native-extensions' {
  const locks: {
    /** Takes an exclusive lock of the operating system on the open file; false when another process holds it. */
    tryLock(file: number): boolean;
  };
  export = locks;
}
