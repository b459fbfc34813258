/** Where the scrapes of a job lie: beside the log of the vitals, a file a job, whose name says which. */

import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { followLinks } from '../log-place.js';

/** Names of files have room for so many bytes; an archive's ending takes 40 of them. */
const LONGEST = 200;

/** `%` and what a file system or a person could trip over, as in a URL. */
const UNSAFE = /[^A-Za-z0-9_.-]|^\.|\.$/gu;

const percentOf = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');

/** The name of a job's file; undefined where no file can have such a long one. */
export const scrapeFileName = (job: string): string | undefined => {
  const name = `scrape-${job.replace(UNSAFE, percentOf)}.log`;
  return name.length > LONGEST ? undefined : name;
};

/** The job whose file has this name; undefined where it is none of those. */
export const jobOfFile = (name: string): string | undefined => {
  const [, text] = /^scrape-(.+)\.log$/s.exec(name) ?? [];
  if (text === undefined) return undefined;
  try {
    const job = decodeURIComponent(text);
    return scrapeFileName(job) === name ? job : undefined;
  } catch {
    return undefined;
  }
};

export interface ScrapedFile {
  readonly job: string;
  readonly path: string;
}

/** An archive's name with what comes behind the log's own cut off. */
const logOf = (name: string): string => name.replace(/\.log\.\d{8}T\d{9}Z\.\d{6,15}(?:\.gz)?$/, '.log');

/** The files of scrapes beside a log, by job; none where the folder cannot be read. A file of which there are only archives is among them. */
export const listScraped = (logPath: string): readonly ScrapedFile[] => {
  const folder = dirname(followLinks(logPath));
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return [...new Set(names.map(logOf))].sort().flatMap((name) => {
    const job = jobOfFile(name);
    return job === undefined || name === basename(logPath) ? [] : [{ job, path: join(folder, name) }];
  });
};
