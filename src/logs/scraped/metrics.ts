/** What a file of scrapes says of itself: whose labels go first, and which metrics there are. */

import { METRIC_NAME } from '../../promql/labels.js';
import { isObject, parseObject } from '../json.js';
import { ALWAYS, type LogFile, type OnProblem } from '../log-file.js';
import { openArchive, openSet } from '../log-set.js';
import { readEntries, readLineHead } from './line-head.js';
import type { FamilyEntry } from './record.js';

export interface FileFacts {
  /** Whether its series may have another job than its own. */
  readonly honorsLabels: boolean;
  /** By the names of series: a histogram's are three. Read when they are asked for. */
  readonly families: () => readonly FamilyEntry[];
}

const KEY = Buffer.from(',"metrics":[');
const NEW = Buffer.from(',"new":[');
/** Of keys, newest first: each target's is among them unless there are more targets than that. */
const MOST_KEYS = 200;

const entriesIn = (line: Buffer): readonly FamilyEntry[] => {
  const head = readLineHead(line);
  if (head === undefined) return [];
  if (head.table === undefined) return head.fresh;
  try {
    return readEntries(JSON.parse(line.toString('utf8', head.table.start, head.table.end)));
  } catch {
    return [];
  }
};

const familiesIn = (file: LogFile): readonly FamilyEntry[] => {
  const found = new Map<string, FamilyEntry>();
  for (const containing of [KEY, NEW]) {
    let count = 0;
    for (const line of file.linesBackward(containing)) {
      if (++count > MOST_KEYS) break;
      for (const entry of entriesIn(line)) {
        const names = new Set(
          entry.series.map((labels) =>
            Object.hasOwn(labels, METRIC_NAME) ? labels[METRIC_NAME] : entry.name,
          ),
        );
        for (const name of names)
          if (name !== undefined && !found.has(name)) found.set(name, { ...entry, name });
      }
    }
  }
  return [...found.values()];
};

const honorsIn = (file: LogFile): boolean => {
  for (const line of file.lines(ALWAYS)) {
    const json = parseObject(line.toString('utf8'));
    return isObject(json) && json['honor_labels'] === true;
  }
  return false;
};

/** Looks into the newest file of a log of scrapes. Throws a UserError where it cannot be read. */
export const readFamilies = (path: string, onProblem: OnProblem): FileFacts => {
  const look = <T>(use: (file: LogFile) => T, otherwise: T): T => {
    const { archives, live } = openSet(path, onProblem);
    const newest = archives.at(-1);
    const file = live ?? (newest === undefined ? undefined : openArchive(path, newest, onProblem));
    try {
      return file === undefined ? otherwise : use(file);
    } finally {
      file?.close();
    }
  };
  return { honorsLabels: look(honorsIn, false), families: () => look(familiesIn, []) };
};
