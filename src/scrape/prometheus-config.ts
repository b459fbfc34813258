/** prometheus.yml, as far as one machine needs it. What is not done here is an error that names it: nothing is passed over. */

import { readFileSync } from 'node:fs';
import type { YamlEntry, YamlNode } from '../yaml.js';
import { type Globals, NOT_AT_TOP, NOT_IN_JOB, openConfig, readGlobals } from './config-globals.js';
import type { ConfigReader } from './config-reader.js';
import { readBasic, readTls, readToken } from './config-secrets.js';
import { readGroups } from './files.js';
import { type Credentials, JOB_DEFAULTS, type ScrapeJob, type TargetGroup } from './job.js';

export interface PrometheusConfig {
  readonly jobs: readonly ScrapeJob[];
  /** What was read and is not acted on, in words. */
  readonly notes: readonly string[];
}

/** Writable while it is read. */
type Draft = { -readonly [Key in keyof ScrapeJob]?: ScrapeJob[Key] };

const readFileDiscovery = (reader: ConfigReader, entry: YamlEntry, draft: Draft): void => {
  for (const item of reader.items(entry))
    reader.fields(
      item,
      'file_sd_configs',
      {
        files: (field) => {
          const patterns = reader.texts(field);
          const wrong = patterns.findIndex(
            (pattern) => !/^[^*]*(?:\*[^/]*)?\.(?:json|yml|yaml|JSON|YML|YAML)$/.test(pattern),
          );
          if (wrong >= 0) {
            const node =
              field.value.kind === 'list' ? (field.value.items[wrong] ?? field.value) : field.value;
            reader.fail(
              node,
              `path name ${JSON.stringify(patterns[wrong])} is not valid for file discovery`,
              'Its files end in .json, .yml or .yaml, with at most one * in the last part of the path.',
            );
          }
          draft.files = [...(draft.files ?? []), ...patterns.map((pattern) => reader.path(pattern))];
        },
        // Changes are seen within seconds; nobody has to wait longer.
        refresh_interval: (field) => {
          draft.refresh = Math.min(JOB_DEFAULTS.refresh, reader.positive(field));
        },
      },
      [],
    );
};

const readParams = (reader: ConfigReader, { value, key }: YamlEntry): ScrapeJob['params'] =>
  value.kind === 'map'
    ? value.entries.map((entry) => [entry.key, reader.texts(entry)] as const)
    : reader.fail(value, `${key}: expected names and lists of values`);

const readJob = (reader: ConfigReader, node: YamlNode, globals: Globals): ScrapeJob => {
  const draft: Draft = {};
  const credentials: { readonly entry: YamlEntry; readonly read: Credentials }[] = [];
  const groups: TargetGroup[] = [];
  let timeout: YamlEntry | undefined;
  reader.fields(
    node,
    'scrape_configs',
    {
      job_name: (field) => {
        draft.name = reader.text(field);
      },
      scrape_interval: (field) => {
        draft.interval = reader.positive(field);
      },
      scrape_timeout: (field) => {
        draft.timeout = reader.positive(field);
        timeout = field;
      },
      metrics_path: (field) => {
        draft.metricsPath = reader.text(field);
      },
      scheme: (field) => {
        const scheme = reader.text(field).toLowerCase();
        if (scheme !== 'http' && scheme !== 'https')
          return reader.fail(field.value, 'scheme: expected http or https');
        draft.scheme = scheme;
      },
      params: (field) => {
        draft.params = readParams(reader, field);
      },
      static_configs: ({ value }) => {
        groups.push(...readGroups(value, reader.file));
      },
      file_sd_configs: (field) => readFileDiscovery(reader, field, draft),
      basic_auth: (entry) => {
        credentials.push({ entry, read: readBasic(reader, entry) });
      },
      authorization: (entry) => {
        credentials.push({ entry, read: readToken(reader, entry) });
      },
      bearer_token: (entry) => {
        const token = reader.text(entry);
        credentials.push({ entry, read: { kind: 'token', type: 'Bearer', credentials: () => token } });
      },
      bearer_token_file: (entry) => {
        const path = reader.path(reader.text(entry));
        const secret = (): string => readFileSync(path, 'utf8').trim();
        credentials.push({ entry, read: { kind: 'token', type: 'Bearer', credentials: secret } });
      },
      tls_config: (field) => {
        draft.tls = readTls(reader, field);
      },
      honor_labels: (field) => {
        draft.honorLabels = reader.bool(field);
      },
      honor_timestamps: (field) => {
        draft.honorTimestamps = reader.bool(field);
      },
      follow_redirects: (field) => {
        draft.followRedirects = reader.bool(field);
      },
      enable_compression: (field) => {
        draft.compression = reader.bool(field);
      },
      sample_limit: (field) => {
        draft.sampleLimit = reader.count(field);
      },
      body_size_limit: (field) => {
        draft.bodyLimit = reader.bytes(field) || JOB_DEFAULTS.bodyLimit;
      },
    },
    NOT_IN_JOB,
  );
  const name = draft.name ?? '';
  if (name === '') return reader.fail(node, 'job_name is empty');
  const [first, second] = credentials;
  if (second !== undefined)
    return reader.fail(second.entry, `at most one of basic_auth and authorization must be configured`);
  const interval = draft.interval ?? globals.interval;
  if (timeout !== undefined && (draft.timeout as number) > interval)
    return reader.fail(
      timeout,
      `scrape timeout greater than scrape interval for scrape config with job name ${JSON.stringify(name)}`,
    );
  return {
    ...JOB_DEFAULTS,
    sampleLimit: globals.sampleLimit,
    bodyLimit: globals.bodyLimit,
    ...draft,
    name,
    interval,
    timeout: draft.timeout ?? Math.min(globals.timeout, interval),
    groups,
    ...(first === undefined ? {} : { credentials: first.read }),
  };
};

/** Reads it. Throws a UserError with file, line and column of what is not right, or not supported. */
export const readPrometheusConfig = async (file: string): Promise<PrometheusConfig> => {
  const { root, reader } = await openConfig(file);
  const notes: string[] = [];
  let global: YamlEntry | undefined;
  let scrapes: readonly YamlNode[] = [];
  if (root !== undefined)
    reader.fields(
      root,
      'the configuration',
      {
        global: (entry) => {
          global = entry;
        },
        rule_files: (entry) => {
          reader.texts(entry);
        },
        scrape_configs: (entry) => {
          scrapes = reader.items(entry);
        },
        // Prometheus's own example has it, and it is about what happens to alerts, not to samples.
        alerting: ({ keyAt }) => {
          notes.push(
            `${file}:${keyAt.line}:${keyAt.column}: alerting: sysmon sends nothing to an Alertmanager; "sysmon check --rules" says what fires`,
          );
        },
      },
      NOT_AT_TOP,
    );
  const globals = readGlobals(reader, global, 'refuse');
  const jobs: ScrapeJob[] = [];
  for (const node of scrapes) {
    const job = readJob(reader, node, globals);
    if (jobs.some(({ name }) => name === job.name))
      reader.fail(node, `found multiple scrape configs with job name ${JSON.stringify(job.name)}`);
    jobs.push(job);
  }
  return { jobs, notes };
};
