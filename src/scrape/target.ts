/** One address of a job: where it is asked, and which labels its series get. */

import type { ScrapeJob, TargetGroup } from './job.js';

export interface Target {
  /** What tells it from the others of its job. */
  readonly id: string;
  /** For people and files: its instance, with the path where others have the same. */
  readonly name: string;
  readonly url: URL;
  readonly labels: Readonly<Record<string, string>>;
}

const PARAM = '__param_';

/** Throws what is wrong, in words, where the address is none. */
export const targetFrom = (job: ScrapeJob, address: string, own: TargetGroup['labels']): Target => {
  const given: Record<string, string> = { ...own };
  const scheme = given['__scheme__'] || job.scheme;
  const path = given['__metrics_path__'] || job.metricsPath;
  let url: URL;
  try {
    url = new URL(`${scheme}://${address}${path.startsWith('/') ? '' : '/'}${path}`);
  } catch {
    throw new Error(`${JSON.stringify(address)} is not a valid address`);
  }
  for (const [name, values] of job.params) for (const value of values) url.searchParams.append(name, value);
  for (const [name, value] of Object.entries(given))
    if (name.startsWith(PARAM)) url.searchParams.set(name.slice(PARAM.length), value);
  const labels = Object.fromEntries(
    Object.entries({ job: job.name, instance: address, ...given }).filter(
      // As in Prometheus, names with two underscores are for whoever finds targets.
      ([name, value]) => !name.startsWith('__') && value !== '',
    ),
  );
  // An empty one would be no label; this is what it falls back to.
  labels['instance'] ??= address;
  labels['job'] ??= job.name;
  return { id: JSON.stringify([url.href, labels]), name: labels['instance'], url, labels };
};

/** The targets of some groups, each once; `onProblem` is told of those that are none. */
export const targetsOf = (
  job: ScrapeJob,
  groups: readonly TargetGroup[],
  onProblem: (text: string) => void,
): readonly Target[] => {
  const found = new Map<string, Target>();
  for (const { targets, labels } of groups)
    for (const address of targets)
      try {
        const target = targetFrom(job, address, labels);
        found.set(target.id, target);
      } catch (error) {
        onProblem(`job ${job.name}: ${(error as Error).message}`);
      }
  const names = new Map<string, number>();
  for (const { name } of found.values()) names.set(name, (names.get(name) ?? 0) + 1);
  // Files tell targets by name: no two may have the same.
  const used = new Set<string>();
  return [...found.values()].map((target) => {
    let name = (names.get(target.name) ?? 0) > 1 ? `${target.name} ${target.url.pathname}` : target.name;
    while (used.has(name)) name = `${name} #`;
    used.add(name);
    return { ...target, name };
  });
};

/** For people: without what may hold a secret. */
export const placeOf = ({ url }: Pick<Target, 'url'>): string =>
  `${url.protocol}//${url.host}${url.pathname}`;

/** FNV-1a, 32 bits: spreads targets over the interval, the same after a restart. */
export const offsetOf = (id: string, intervalMs: number): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  return ((hash >>> 0) / 2 ** 32) * intervalMs;
};

/**
 * The labels of a scraped series beside its target's, `__name__` among them. What the target has too is renamed
 * `exported_…`, or goes before it where the job honours labels; there an empty label takes the target's away.
 */
export const scrapedLabels = (
  name: string,
  labels: readonly (readonly [name: string, value: string])[],
  target: Readonly<Record<string, string>>,
  honorLabels: boolean,
): Readonly<Record<string, string>> => {
  const pairs: [string, string][] = [['__name__', name]];
  if (honorLabels) {
    for (const [label, value] of labels)
      if (value !== '' || Object.hasOwn(target, label)) pairs.push([label, value]);
    return Object.fromEntries(pairs);
  }
  const taken = new Set([...Object.keys(target), ...labels.map(([label]) => label)]);
  for (const [label, value] of labels) {
    if (value === '') continue;
    let own = label;
    if (Object.hasOwn(target, label)) {
      do own = `exported_${own}`;
      while (taken.has(own));
      taken.add(own);
    }
    pairs.push([own, value]);
  }
  return Object.fromEntries(pairs);
};
