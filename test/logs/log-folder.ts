/** A log on disk as a test wants it: files, archives of every form, and whatever else lies in them. */

import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { gauge, group } from '../../src/core/group.js';
import { type Reading, row } from '../../src/core/sample.js';
import { archiveName } from '../../src/logs/archive-name.js';
import { encodeRecord } from '../../src/logs/codec.js';
import { makeMember, timesIn } from '../../src/logs/member.js';
import type { LogRecord } from '../../src/logs/record.js';

export const load = group({ name: 'load', help: 'Load', fields: { load1: gauge('count', '1 minute') } });
export const GROUPS = new Map([['load', load]]);

export const lineOf = (record: LogRecord): string => {
  const { level, msg, fields } = encodeRecord(record);
  return JSON.stringify({ level, time: record.time, host: record.host, msg, ...fields });
};

export const sampleLine = (time: number, seq: number, detail?: true, padding = 0): string => {
  const rows = [row([], { load1: seq })];
  const readings = new Map<string, Reading>([['load', { group: load, rows }]]);
  if (padding > 0) readings.set('padding', { group: load, failed: '.'.repeat(padding) });
  const sample = { time, host: 'h', boot: 'b', readings, ...(detail && { detail }) };
  return lineOf({ kind: 'sample', time, host: 'h', seq, sample });
};

export type Form = 'plain' | 'gzip' | 'one gzip';

export interface LogFolder {
  readonly path: string;
  readonly at: (name: string) => string;
  readonly live: (text: string) => void;
  /** Writes an archive in members of so many lines; gives its name. */
  readonly archive: (
    time: number,
    serial: number,
    lines: readonly string[],
    form: Form,
    perMember?: number,
  ) => string;
  /** Puts the live file aside as the writer does, and begins a new one. */
  readonly rotate: (time: number, serial: number, next: string) => void;
  readonly remove: () => void;
}

export const pack = (lines: readonly string[], perMember = 3): Buffer => {
  const members: Buffer[] = [];
  for (let at = 0; at < lines.length; at += perMember) {
    const piece = Buffer.from(
      lines
        .slice(at, at + perMember)
        .map((line) => `${line}\n`)
        .join(''),
    );
    members.push(makeMember(gzipSync(piece), piece.length, timesIn(piece)));
  }
  return Buffer.concat(members);
};

export const makeFolder = (): LogFolder => {
  const folder = mkdtempSync(join(tmpdir(), 'log-'));
  const at = (name: string): string => join(folder, name);
  const path = at('sysmon.log');
  return {
    path,
    at,
    live: (text) => writeFileSync(path, text),
    archive: (time, serial, lines, form, perMember) => {
      const name = archiveName('sysmon.log', { time, serial, form: form === 'plain' ? 'plain' : 'gzip' });
      const text = lines.map((line) => `${line}\n`).join('');
      const content = {
        plain: () => text,
        gzip: () => pack(lines, perMember),
        'one gzip': () => gzipSync(text),
      };
      writeFileSync(at(name), content[form]());
      return name;
    },
    rotate: (time, serial, next) => {
      renameSync(path, at(archiveName('sysmon.log', { time, serial, form: 'plain' })));
      writeFileSync(path, next);
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
};
