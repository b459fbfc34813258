/** The kernel's ring buffer: seconds since the machine was started, which tell no time of day. */

import type { LineFormat } from '../format.js';
import { levelOf, levelOfNumber } from '../levels.js';
import { logLine } from './record.js';
import { present } from './text.js';

/** `dmesg`, `dmesg --raw` with the priority, `dmesg --decode` with facility and level; the caller where the kernel tells it. */
const DMESG = /^(?:<(\d{1,3})>|([a-z0-9]+) *:([a-z]+) *: )?\[ *(\d+\.\d{6})\](?:\[ *([TC]\d+)\])? ?(.*)$/s;

export const dmesg: LineFormat = {
  name: 'dmesg',
  title: "the kernel's messages, with seconds since the start of the machine",
  parse: (line) => {
    const [all, priority, facility, word, uptime, caller, message] = DMESG.exec(line) ?? [];
    if (all === undefined) return undefined;
    const level =
      priority === undefined ? levelOf(word ?? '') : levelOfNumber(Number(priority) % 8, 'syslog');
    const fields = present({ facility, level: word, uptime_seconds: Number(uptime), caller });
    return logLine(fields, undefined, level, message);
  },
};
