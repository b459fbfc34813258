/** What is to be scraped, and how. */

import { UserError } from '../exit.js';

/** Read anew for each request, so that a secret can be changed on disk. */
export type Secret = () => string;

export type Credentials =
  | { readonly kind: 'basic'; readonly username: Secret; readonly password: Secret }
  | { readonly kind: 'token'; readonly type: string; readonly credentials: Secret };

export interface Tls {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly serverName?: string;
  readonly insecureSkipVerify?: boolean;
}

/** Addresses that have labels in common. */
export interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface ScrapeJob {
  readonly name: string;
  /** s */
  readonly interval: number;
  readonly timeout: number;
  readonly scheme: 'http' | 'https';
  readonly metricsPath: string;
  readonly params: readonly (readonly [name: string, values: readonly string[]])[];
  readonly groups: readonly TargetGroup[];
  /** Patterns of files with more groups, absolute. */
  readonly files: readonly string[];
  /** How often these are looked at, s. */
  readonly refresh: number;
  readonly credentials?: Credentials;
  readonly tls?: Tls;
  readonly honorLabels: boolean;
  readonly honorTimestamps: boolean;
  readonly followRedirects: boolean;
  readonly compression: boolean;
  /** 0 for none. */
  readonly sampleLimit: number;
  readonly bodyLimit: number;
}

/** More than any exporter says; what goes on for ever is no exposition. */
const BODY_LIMIT = 64 * 1024 * 1024;

export const JOB_DEFAULTS = {
  interval: 15,
  timeout: 10,
  scheme: 'http',
  metricsPath: '/metrics',
  params: [],
  groups: [],
  files: [],
  refresh: 5,
  honorLabels: false,
  honorTimestamps: true,
  followRedirects: true,
  compression: true,
  sampleLimit: 0,
  bodyLimit: BODY_LIMIT,
} as const satisfies Partial<ScrapeJob>;

const NAMED = /^([^=/:?#]+)=(https?:.*)$/is;

const usage = (message: string, hint: string): UserError => new UserError(message, { kind: 'usage', hint });

/** The job that `--scrape URL` or `--scrape name=URL` means. Throws a UserError. */
export const jobFromUrl = (text: string, interval: number, timeout: number): ScrapeJob => {
  const [, named, rest = text] = NAMED.exec(text) ?? [];
  const hint = 'Give a URL such as http://127.0.0.1:8000/metrics, or name=http://127.0.0.1:8000/metrics.';
  let url: URL;
  try {
    url = new URL(rest);
  } catch {
    // What is wrong with it may be a secret in it.
    throw usage(rest.includes('@') ? 'a --scrape is no URL' : `--scrape ${rest} is no URL`, hint);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw usage(`--scrape: only http and https are scraped, not ${url.protocol.slice(0, -1)}`, hint);
  if (url.username !== '' || url.password !== '')
    throw usage(
      `--scrape: the URL of ${url.host} has a password in it, which others on this machine can see`,
      'Use --prometheus-config, with basic_auth and password_file.',
    );
  const params = [...new Set(url.searchParams.keys())].map(
    (name) => [name, url.searchParams.getAll(name)] as const,
  );
  return {
    ...JOB_DEFAULTS,
    name: named ?? url.host,
    interval,
    timeout,
    scheme: url.protocol === 'https:' ? 'https' : 'http',
    metricsPath: url.pathname === '/' ? JOB_DEFAULTS.metricsPath : url.pathname,
    params,
    groups: [{ targets: [url.host], labels: {} }],
  };
};

/** The same names are one job. Throws a UserError where they are scraped otherwise. */
export const mergeJobs = (jobs: readonly ScrapeJob[]): readonly ScrapeJob[] => {
  const merged = new Map<string, ScrapeJob>();
  for (const job of jobs) {
    const before = merged.get(job.name);
    if (before === undefined) {
      merged.set(job.name, job);
      continue;
    }
    // As labels, what differs stands beside the address.
    const labels = { __scheme__: job.scheme, __metrics_path__: job.metricsPath };
    const params = Object.fromEntries(
      job.params.map(([name, values]) => [`__param_${name}`, values[0] ?? '']),
    );
    const groups = job.groups.map((group) => ({
      ...group,
      labels: { ...group.labels, ...labels, ...params },
    }));
    merged.set(job.name, { ...before, groups: [...before.groups, ...groups] });
  }
  return [...merged.values()];
};
