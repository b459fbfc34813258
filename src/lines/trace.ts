/** Stack traces and what goes with them, as Java, Python, JavaScript, Go, Ruby, .NET, PHP and Rust print them. */

/** Where in a trace a unit is, when lines that begin at the margin may still belong to it. */
type Mode =
  | 'none'
  /** After `Traceback`, until the line with the exception. */
  | 'python'
  /** After that line: the exception that came of it may follow. */
  | 'python-end'
  | 'go'
  /** After `Stack trace:`; a blank line stands before the exception that came of it. */
  | 'php'
  /** After `/app/x.js:12`, which Node prints before an error nobody caught: the source, a caret, the error, `Node.js v20`. */
  | 'node-source'
  | 'node-caret'
  | 'node-error'
  | 'node-end'
  /** After Rust's `thread 'main' panicked at x.rs:1:2:`, whose message is the next line. */
  | 'rust';

const INDENTED = /^[ \t]+\S/;
export const TRACEBACK = /^(?:| +\+ Exception Group )Traceback \(most recent call last\):/;
const NODE_SOURCE = /^(?:node:|file:\/\/|\/|[A-Za-z]:\\)\S.*\.[cm]?[jt]sx?:\d+$|^node:[\w/]+:\d+$/;
const GOROUTINE = /^goroutine \d+ \[/;
const GO_HEAD = /^(?:panic: |fatal error: |runtime: |SIG[A-Z]+: )/;
const RUST_HEAD = /^thread '.*' panicked at .*:\d+:\d+:$/;

/** Lines at the margin that never begin anything. */
const NEVER_FIRST: readonly RegExp[] = [
  // Java: Throwable.printStackTrace; logback shortens with "common frames omitted".
  /^(?:Caused by: |Suppressed: |Wrapped by: |at [\w$.<>/@-]+\(|\.\.\. \d+ (?:more|common frames omitted))/,
  // Python, PEP 3134.
  /^(?:During handling of the above exception, another|The above exception was the direct cause of)/,
  // .NET: Exception.ToString.
  /^(?:--- End of |---> )/,
  // PHP: an exception nobody caught.
  /^(?:#\d+ (?:\{main\}|\[internal function\]|\S+\(\d+\): )|Next [\w\\]+: )/,
  // Ruby and Rails.
  /^(?:from )?\S+\.rb:\d+:in [`'][^']*'$/,
  // Go and Rust.
  /^(?:created by \S+|\[signal \w+: |stack backtrace:$|note: run with `RUST_BACKTRACE)/,
];

const GO_LINES: readonly RegExp[] = [
  /^[\w.\-/*()[\]{}·…,%@]+\(.*\)$/,
  /^(?:runtime stack:|exit status \d+$|panic: |r\w{1,6} +0x[\da-f]+$|[cfg]s +0x)/,
];

const NODE_VERSION = /^(?:Node\.js v\d|\(Use `node )/;

/** What is opened by a line and closed at the margin: `{` of an object that Node prints after a trace, or of pretty JSON. */
const CLOSING = /^[}\])]+[,;]?$/;

const isBlank = (line: string): boolean => line.trim() === '';

const modeOf = (head: string): Mode => {
  if (TRACEBACK.test(head)) return 'python';
  if (GOROUTINE.test(head) || GO_HEAD.test(head)) return 'go';
  if (NODE_SOURCE.test(head)) return 'node-source';
  return RUST_HEAD.test(head) ? 'rust' : 'none';
};

/** Whether a line by itself looks like one that continues another. */
export const looksContinued = (line: string): boolean =>
  INDENTED.test(line) ||
  TRACEBACK.test(line) ||
  GOROUTINE.test(line) ||
  NEVER_FIRST.some((one) => one.test(line));

export interface Trace {
  /** Begins a unit with this line. */
  readonly begin: (head: string) => void;
  /** Whether the next line continues the unit, for what traces look like. */
  readonly continues: (line: string) => boolean;
}

/** Follows the traces of one unit after the other. */
export const openTrace = (): Trace => {
  let mode: Mode = 'none';
  /** Whether a line of the unit was indented. */
  let indented = false;

  const to = (next: Mode): true => {
    mode = next;
    return true;
  };

  const continuesNode = (line: string): boolean => {
    if (mode === 'node-source') return to('node-caret');
    if (mode === 'node-caret') return /^\s*\^+\s*$/.test(line) && to('node-error');
    if (mode === 'node-error') return isBlank(line) || to('node-end');
    return isBlank(line) || NODE_VERSION.test(line);
  };

  /** What the mode makes of a line that is not indented. */
  const continuesMode = (line: string): boolean => {
    switch (mode) {
      case 'none':
        return false;
      case 'python':
        return to(isBlank(line) ? 'python' : 'python-end');
      case 'python-end':
      case 'php':
        return isBlank(line);
      case 'go':
        return isBlank(line) || GO_LINES.some((one) => one.test(line));
      case 'rust':
        return to('none');
      default:
        return continuesNode(line);
    }
  };

  return {
    begin: (head) => {
      mode = modeOf(head);
      indented = false;
    },
    continues: (line) => {
      if (TRACEBACK.test(line)) return mode === 'python-end' && to('python');
      if (INDENTED.test(line) && mode !== 'node-source' && mode !== 'node-caret') {
        indented = true;
        return true;
      }
      if (GOROUTINE.test(line)) return to('go');
      if (line === 'Stack trace:') return to('php');
      if (NEVER_FIRST.some((one) => one.test(line))) return true;
      if (indented && CLOSING.test(line)) return true;
      return continuesMode(line);
    },
  };
};
