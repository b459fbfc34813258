/** What stands at the top of prometheus.yml and in its global section, for scraping and for rules. */

import { readFileSync } from 'node:fs';
import { systemReason, UserError } from '../exit.js';
import { readYaml, type YamlDocument, type YamlEntry, yamlError } from '../yaml.js';
import { ConfigReader, type Field } from './config-reader.js';
import { readLabelMap } from './files.js';
import { JOB_DEFAULTS } from './job.js';

export const NOT_IN_JOB = [
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

const NOT_IN_GLOBAL = NOT_IN_JOB.concat(['query_log_file', 'runtime']);

export const NOT_AT_TOP = [
  'remote_write',
  'remote_read',
  'storage',
  'tracing',
  'otlp',
  'scrape_config_files',
  'runtime',
];

/** Readers for what is not looked at. */
export const passOver = (names: readonly string[]): Readonly<Record<string, Field>> =>
  Object.fromEntries(names.map((name) => [name, () => {}]));

export interface Globals {
  interval: number;
  timeout: number;
  evaluationInterval: number;
  ruleQueryOffset: number;
  externalLabels: Readonly<Record<string, string>>;
  sampleLimit: number;
  bodyLimit: number;
}

/** `others` says what is done with settings that are Prometheus's own. */
export const readGlobals = (
  reader: ConfigReader,
  entry: YamlEntry | undefined,
  others: 'refuse' | 'pass over',
): Globals => {
  // Prometheus's defaults, which are not those of --scrape.
  const globals: Globals = {
    interval: 60,
    timeout: 10,
    evaluationInterval: 60,
    ruleQueryOffset: 0,
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
      rule_query_offset: (field) => {
        globals.ruleQueryOffset = reader.seconds(field);
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
      ...(others === 'pass over' && passOver(NOT_IN_GLOBAL)),
    },
    NOT_IN_GLOBAL,
  );
  if (globals.timeout > globals.interval) {
    if (timeout !== undefined) reader.fail(timeout, 'global scrape timeout greater than scrape interval');
    globals.timeout = globals.interval;
  }
  return globals;
};

/** Throws a UserError where it cannot be read, or is no YAML. */
export const openConfig = async (
  file: string,
): Promise<{ readonly root: YamlDocument['root']; readonly reader: ConfigReader }> => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`cannot read ${file}: ${systemReason(error)}`, { kind: 'usage', cause: error });
  }
  const { root, second } = await readYaml(text, file, { kind: 'usage' });
  if (second !== undefined) throw yamlError(file, second, 'a second document begins here', { kind: 'usage' });
  return { root, reader: new ConfigReader(file) };
};
