/** The real file system, with something that may happen before each call. */

import { type FileSystem, realFileSystem } from '../../../src/lines/follow/file-system.js';

export const hooked = (call: () => void): FileSystem => {
  const before =
    <A extends unknown[], R>(original: (...args: A) => R) =>
    (...args: A): R => {
      call();
      return original(...args);
    };
  const { open, close, stat, fstat, read, list } = realFileSystem;
  return {
    ...realFileSystem,
    open: before(open),
    close: before(close),
    stat: before(stat),
    fstat: before(fstat),
    read: before(read),
    list: before(list),
  };
};
