/** Targets from files that other programs write: Prometheus's file_sd_configs, JSON or YAML. */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { systemReason, UserError } from '../exit.js';
import { readYaml, type YamlNode, yamlError } from '../yaml.js';
import type { TargetGroup } from './job.js';

const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

const texts = (node: YamlNode, file: string, what: string): string[] => {
  if (node.kind === 'scalar' && node.value === null) return [];
  if (node.kind !== 'list') throw yamlError(file, node.at, `${what}: expected a list`, { kind: 'usage' });
  return node.items.map((item) => {
    if (item.kind !== 'scalar') throw yamlError(file, item.at, `${what}: expected a text`, { kind: 'usage' });
    return item.text;
  });
};

export const readLabelMap = (node: YamlNode, file: string, what = 'labels'): Record<string, string> => {
  if (node.kind === 'scalar' && node.value === null) return {};
  if (node.kind !== 'map')
    throw yamlError(file, node.at, `${what}: expected names and values`, { kind: 'usage' });
  return Object.fromEntries(
    node.entries.map(({ key, keyAt, value }) => {
      if (!LABEL.test(key) || key === '__name__')
        throw yamlError(file, keyAt, `${JSON.stringify(key)} is not a valid label name`, { kind: 'usage' });
      if (value.kind !== 'scalar')
        throw yamlError(file, value.at, `${what}: the value of ${key} is no text`, { kind: 'usage' });
      return [key, value.text];
    }),
  );
};

/** Groups as static_configs and files have them. Throws a UserError with the place of what is wrong. */
export const readGroups = (node: YamlNode | undefined, file: string): readonly TargetGroup[] => {
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return [];
  if (node.kind !== 'list')
    throw yamlError(file, node.at, 'expected a list of targets and their labels', { kind: 'usage' });
  return node.items.map((item) => {
    if (item.kind !== 'map') throw yamlError(file, item.at, 'expected targets and labels', { kind: 'usage' });
    let targets: readonly string[] = [];
    let labels: Readonly<Record<string, string>> = {};
    for (const { key, keyAt, value } of item.entries) {
      if (key === 'targets') {
        targets = texts(value, file, key);
        targets.forEach((target, index) => {
          const at = value.kind === 'list' ? (value.items[index]?.at ?? value.at) : value.at;
          if (target.includes('/'))
            throw yamlError(file, at, `${JSON.stringify(target)} is not a valid hostname`, {
              kind: 'usage',
              hint: 'A target is host:port; scheme and metrics_path have fields of their own.',
            });
        });
      } else if (key === 'labels') labels = readLabelMap(value, file);
      else
        throw yamlError(file, keyAt, `field ${key} not found: there are targets and labels`, {
          kind: 'usage',
        });
    }
    return { targets, labels };
  });
};

/** As Prometheus: one `*` in the last part of the path. */
const expand = (pattern: string): readonly string[] => {
  const name = basename(pattern);
  if (!name.includes('*')) return [pattern];
  const [before = '', after = ''] = name.split('*');
  try {
    return readdirSync(dirname(pattern))
      .filter(
        (one) => one.length >= before.length + after.length && one.startsWith(before) && one.endsWith(after),
      )
      .sort()
      .map((one) => join(dirname(pattern), one));
  } catch {
    return [];
  }
};

interface Known {
  readonly mark: string;
  readonly groups: readonly TargetGroup[];
}

export interface TargetFiles {
  /** Looks at the files. What cannot be read is told once, and stands as it was before. */
  readonly look: () => Promise<readonly TargetGroup[]>;
}

/** Reads only what has changed since the last look. */
export const openTargetFiles = (patterns: readonly string[], say: (message: string) => void): TargetFiles => {
  let known = new Map<string, Known>();
  const markOf = (path: string): string | undefined => {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? undefined : `${stat.ino}.${stat.size}.${stat.mtimeMs}.${stat.ctimeMs}`;
  };
  const read = async (path: string): Promise<Known | undefined> => {
    const before = known.get(path);
    try {
      const mark = markOf(path);
      if (mark === undefined || mark === before?.mark) return mark === undefined ? undefined : before;
      try {
        const { root } = await readYaml(readFileSync(path, 'utf8'), path, { kind: 'usage' });
        return { mark, groups: readGroups(root, path) };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        say(`${error.message}; its targets stay as they were`);
        return { mark, groups: before?.groups ?? [] };
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      if (before === undefined) say(`${path}: ${systemReason(error)}`);
      return before ?? { mark: '', groups: [] };
    }
  };
  return {
    look: async () => {
      const next = new Map<string, Known>();
      for (const path of new Set(patterns.flatMap(expand))) {
        const found = await read(path);
        if (found !== undefined) next.set(path, found);
      }
      known = next;
      return [...next.values()].flatMap(({ groups }) => groups);
    },
  };
};
