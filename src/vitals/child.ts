/** A process of our own for what can hang or crash: asked by message, killed when it does not answer. No shell. */

import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { platform } from 'node:os';
import { env, kill } from 'node:process';
import { fileURLToPath } from 'node:url';

export interface Child {
  /** The answer, plain JSON. Rejects with a plain reason when the child fails, ends or is late. */
  readonly ask: (message: unknown) => Promise<unknown>;
  /** Ends the process for good; whoever still waits is told so. */
  readonly close: () => void;
  /** Resolves when none of the processes killed so far is left: what hangs in the kernel can outlive SIGKILL. */
  readonly dead: () => Promise<unknown>;
}

export interface ChildOptions {
  /** Longest time for one answer, ms. After it the child is killed; the next question starts a new one. */
  readonly deadline: number;
  /** Questions that can hang in the kernel at the same time without holding up the others; Node's 4 where not given. */
  readonly threads?: number;
}

/** What goes over the channel; `answer.ts` is the other end. */
export interface Question {
  readonly id: number;
  readonly message: unknown;
}

export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly reason: string };

/** The question itself ended or outlasted the child; whoever merely waited beside it gets a plain Error. */
export class Unanswered extends Error {}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
  readonly timer: NodeJS.Timeout;
}

interface Running {
  readonly process: ChildProcess;
  readonly gone: Promise<void>;
  readonly waiting: Map<number, Waiting>;
}

/** Where build.js puts the child script of this name: beside the bundle, or in dist while we run from source. */
export const childScript = (name: string): string => {
  const beside = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url));
};

/** A group of its own lets its children die with it, and keeps the terminal's Ctrl-C away. Windows has no groups. */
const OWN_GROUP = platform() !== 'win32';

const killAll = (child: ChildProcess): void => {
  try {
    if (OWN_GROUP && child.pid !== undefined) kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // It has ended already.
  }
};

/** Starts nothing until the first question. An idle child does not keep us alive. */
export const openChild = (script: string, { deadline, threads }: ChildOptions): Child => {
  let running: Running | undefined;
  let closed = false;
  let last = 0;
  let dead: Promise<unknown> = Promise.resolve();

  const giveUp = (one: Running, reason: Error): void => {
    if (running === one) running = undefined;
    dead = Promise.all([dead, one.gone]);
    for (const { reject, timer } of one.waiting.values()) {
      clearTimeout(timer);
      reject(reason);
    }
    one.waiting.clear();
    killAll(one.process);
  };

  const accept = ({ waiting }: Running, answer: Answer): void => {
    const asked = waiting.get(answer.id);
    if (asked === undefined) return;
    waiting.delete(answer.id);
    clearTimeout(asked.timer);
    if ('reason' in answer) asked.reject(new Error(answer.reason));
    else asked.resolve(answer.value);
  };

  const start = (): Running => {
    const process = fork(script, [], {
      // What a library prints is not for our terminal, and no loader or inspector of ours is for the child.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
      ...(threads === undefined ? {} : { env: { ...env, UV_THREADPOOL_SIZE: String(threads) } }),
      detached: OWN_GROUP,
    });
    const gone = new Promise<void>((resolve) => {
      process.once('exit', () => resolve());
      // One that could not be started has no end.
      process.once('error', () => process.pid === undefined && resolve());
    });
    const one: Running = { process, gone, waiting: new Map() };
    process.on('message', (answer) => accept(one, answer as Answer));
    process.on('error', (error) => giveUp(one, new Unanswered(`cannot start a reader: ${error.message}`)));
    process.on('exit', (code, signal) =>
      giveUp(one, new Unanswered(`the reader ended with ${signal ?? `code ${code}`}`)),
    );
    process.unref();
    process.channel?.unref();
    return one;
  };

  return {
    ask: (message) =>
      new Promise((resolve, reject) => {
        if (closed) throw new Error('closed');
        running ??= start();
        const one = running;
        last += 1;
        const question: Question = { id: last, message };
        const timer = setTimeout(() => {
          one.waiting.delete(question.id);
          reject(new Unanswered(`no answer within ${deadline / 1000} s`));
          giveUp(one, new Error('the reader was stopped: another question got no answer'));
        }, deadline);
        one.waiting.set(question.id, { resolve, reject, timer });
        one.process.send(question, (error) => {
          if (error !== null) giveUp(one, new Unanswered(`cannot ask the reader: ${error.message}`));
        });
      }),
    close: () => {
      closed = true;
      if (running !== undefined) giveUp(running, new Error('closed'));
    },
    dead: () => dead,
  };
};
