/** systeminformation in a process of its own. Only names of this table ever reach it, and no argument from outside. */

import { existsSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fsSize, mem, networkStats, processes } from 'systeminformation';
import { answerParent } from './answer.js';
import { openSlim } from './portable/slim.js';
import type { PortableName } from './portable.js';

/** systeminformation repeats its last answer when asked again within this many ms, and then with zeros for errors. */
const REPEATS = 500;

/** Lets enough time pass since the last answer for the next to be a new one. */
const spaced = <T>(give: () => Promise<T>): (() => Promise<T>) => {
  let last = Number.NEGATIVE_INFINITY;
  return async () => {
    await sleep(Math.max(0, last + REPEATS + 1 - performance.now()));
    const answer = await give();
    last = performance.now();
    return answer;
  };
};

const slim = openSlim({ platform: process.platform, ownPid: process.pid, exists: existsSync });

const ANSWERS: Readonly<Record<PortableName, () => Promise<unknown>>> = {
  fsSize: () => fsSize(),
  mem: () => mem(),
  networkStats: spaced(() => networkStats('*')),
  processes: spaced(async () => slim((await processes()).list)),
};

answerParent((name) => {
  if (typeof name !== 'string' || !Object.hasOwn(ANSWERS, name))
    throw new Error('not a question that the reader knows');
  return ANSWERS[name as PortableName]();
});
