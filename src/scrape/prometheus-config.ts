/** prometheus.yml, as far as one machine needs it. What is not done here is an error that names it: nothing is passed over. */

import { readFileSync } from 'node:fs';
import { systemReason, UserError } from '../exit.js';
import { readYaml, type YamlEntry, type YamlNode, yamlError } from '../yaml.js';
import { ConfigReader } from './config-reader.js';
import { readBasic, readTls, readToken } from './config-secrets.js';
import { readGroups, readLabelMap } from './files.js';
import { type Credentials, JOB_DEFAULTS, type ScrapeJob, type TargetGroup } from './job.js';

export interface PrometheusConfig {
  readonly jobs: readonly ScrapeJob[];
  /** Patterns of rule files, absolute. */
  readonly ruleFiles: readonly string[];
  readonly externalLabels: Readonly<Record<string, string>>;
  /** s */
  readonly evaluationInterval: number;
  /** What was read and is not acted on, in words. */
  readonly notes: readonly string[];
}

const NOT_IN_JOB = [
  'relabel_configs',
  'metric_relabel_configs',
  'oauth2',
  'proxy_url',
  'proxy_from_environment',
  'no_proxy',
].concat(
  ['proxy_connect_header', 'enable_http2', 'http_headers', 'scrape_protocols', 'fallback_scrape_protocol'],
  ['scrape_classic_histograms', 'always_scrape_classic_histograms', 'convert_classic_histograms_to_nhcb'],
  ['scrape_native_histograms', 'track_timestamps_staleness', 'label_limit', 'label_name_length_limit'],
  ['label_value_length_limit', 'target_limit', 'keep_dropped_targets', 'native_histogram_bucket_limit'],
  [
    'native_histogram_min_bucket_factor',
    'metric_name_validation_scheme',
    'metric_name_escaping_scheme',
    'scrape_failure_log_file',
  ],
  ['extra_scrape_metrics'],
);

const NOT_IN_GLOBAL = NOT_IN_JOB.concat(['query_log_file', 'rule_query_offset', 'runtime']);

const NOT_AT_TOP = [
  'remote_write',
  'remote_read',
  'storage',
  'tracing',
  'otlp',
  'scrape_config_files',
  'runtime',
];

interface Globals {
  interval: number;
  timeout: number;
  evaluationInterval: number;
  externalLabels: Readonly<Record<string, string>>;
  sampleLimit: number;
  bodyLimit: number;
}

const readGlobals = (reader: ConfigReader, entry: YamlEntry | undefined): Globals => {
  // Prometheus's defaults, which are not those of --scrape.
  const globals: Globals = {
    interval: 60,
    timeout: 10,
    evaluationInterval: 60,
    externalLabels: {},
    sampleLimit: 0,
    bodyLimit: JOB_DEFAULTS.bodyLimit,
  };
  if (entry === undefined) return globals;
  let timeout: YamlEntry | undefined;
  reader.fields(
    entry.value,
    'global',
    {
      scrape_interval: (field) => {
        globals.interval = reader.positive(field);
      },
      scrape_timeout: (field) => {
        globals.timeout = reader.positive(field);
        timeout = field;
      },
      evaluation_interval: (field) => {
        globals.evaluationInterval = reader.positive(field);
      },
      external_labels: ({ value }) => {
        globals.externalLabels = readLabelMap(value, reader.file, 'external_labels');
      },
      sample_limit: (field) => {
        globals.sampleLimit = reader.count(field);
      },
      body_size_limit: (field) => {
        globals.bodyLimit = reader.bytes(field) || JOB_DEFAULTS.bodyLimit;
      },
    },
    NOT_IN_GLOBAL,
  );
  if (globals.timeout > globals.interval) {
    if (timeout !== undefined) reader.fail(timeout, 'global scrape timeout greater than scrape interval');
    globals.timeout = globals.interval;
  }
  return globals;
};

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
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`cannot read ${file}: ${systemReason(error)}`, { kind: 'usage', cause: error });
  }
  const { root, second } = await readYaml(text, file, { kind: 'usage' });
  const reader = new ConfigReader(file);
  if (second !== undefined) throw yamlError(file, second, 'a second document begins here', { kind: 'usage' });
  const notes: string[] = [];
  let global: YamlEntry | undefined;
  let scrapes: readonly YamlNode[] = [];
  let ruleFiles: readonly string[] = [];
  if (root !== undefined)
    reader.fields(
      root,
      'the configuration',
      {
        global: (entry) => {
          global = entry;
        },
        rule_files: (entry) => {
          ruleFiles = reader.texts(entry).map((path) => reader.path(path));
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
  const globals = readGlobals(reader, global);
  const jobs: ScrapeJob[] = [];
  for (const node of scrapes) {
    const job = readJob(reader, node, globals);
    if (jobs.some(({ name }) => name === job.name))
      reader.fail(node, `found multiple scrape configs with job name ${JSON.stringify(job.name)}`);
    jobs.push(job);
  }
  const { externalLabels, evaluationInterval } = globals;
  return { jobs, ruleFiles, externalLabels, evaluationInterval, notes };
};
