/** prometheus.yml: what is used of it, and what is refused, with its place. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/exit.js';
import { jobFromUrl, mergeJobs } from '../../src/scrape/job.js';
import { readPrometheusConfig } from '../../src/scrape/prometheus-config.js';
import { readRuleSettings } from '../../src/scrape/rule-settings.js';
import { temporaryFolder } from '../logs/bench-log.js';

const read = async (text: string, files: Readonly<Record<string, string>> = {}) => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'secrets'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const file = join(folder, 'prometheus.yml');
  writeFileSync(file, text);
  return { folder, file, config: await readPrometheusConfig(file) };
};

const wrong = async (text: string): Promise<string> => {
  try {
    await read(text);
  } catch (error) {
    if (error instanceof UserError) return error.message.replace(/^.*prometheus\.yml:/, '');
    throw error;
  }
  return 'nothing';
};

const FULL = `
global:
  scrape_interval: 30s
  scrape_timeout: 5s
  evaluation_interval: 1m30s
  external_labels: {site: home, n: 1}
rule_files:
  - rules/*.yml
alerting:
  alertmanagers:
    - static_configs: [{targets: [localhost:9093]}]
scrape_configs:
  - job_name: app
    metrics_path: /m
    scheme: https
    params: {"match[]": [a, b]}
    honor_labels: true
    honor_timestamps: false
    sample_limit: 100
    body_size_limit: 10MB
    static_configs:
      - targets: [localhost:8000, 127.0.0.1:8001]
        labels: {env: prod}
    file_sd_configs:
      - files: [targets/*.json]
        refresh_interval: 1s
    basic_auth: {username: me, password_file: secrets/p}
    tls_config: {ca_file: ca.pem, insecure_skip_verify: true}
  - job_name: other
    scrape_interval: 2s
    authorization: {credentials: t0ken}
`;

describe('what is used', () => {
  test('comes as a job each, with the defaults of global', async () => {
    const { config, folder } = await read(FULL, { 'secrets/p': 'pass\n' });
    expect(config).toMatchObject({
      notes: [
        expect.stringMatching(
          /prometheus\.yml:9:1: alerting: sysmon sends nothing to an Alertmanager/,
        ) as string,
      ],
    });
    const [app, other] = config.jobs;
    expect(app).toMatchObject({
      name: 'app',
      interval: 30,
      timeout: 5,
      scheme: 'https',
      metricsPath: '/m',
      params: [['match[]', ['a', 'b']]],
      groups: [{ targets: ['localhost:8000', '127.0.0.1:8001'], labels: { env: 'prod' } }],
      files: [join(folder, 'targets/*.json')],
      refresh: 1,
      honorLabels: true,
      honorTimestamps: false,
      sampleLimit: 100,
      bodyLimit: 10 * 1024 ** 2,
      tls: { caFile: join(folder, 'ca.pem'), insecureSkipVerify: true },
    });
    const { credentials } = app ?? {};
    expect(credentials?.kind === 'basic' && [credentials.username(), credentials.password()]).toEqual([
      'me',
      'pass',
    ]);
    expect(other).toMatchObject({ interval: 2, timeout: 2, metricsPath: '/metrics', groups: [] });
    expect(
      other?.credentials?.kind === 'token' && [other.credentials.type, other.credentials.credentials()],
    ).toEqual(['Bearer', 't0ken']);
    // No secret is in what could be printed.
    expect(JSON.stringify(config.jobs)).not.toMatch(/pass|t0ken/);
  });

  test('nothing at all is no job', async () => {
    const { config, file } = await read('');
    expect(config).toEqual({ jobs: [], notes: [] });
    expect(await readRuleSettings(file)).toEqual({
      ruleFiles: [],
      externalLabels: {},
      evaluationInterval: 60,
      queryOffset: 0,
    });
  });

  test('of rules is where they are, and how they are evaluated', async () => {
    const { folder, file } = await read(FULL, { 'secrets/p': 'pass\n' });
    expect(await readRuleSettings(file)).toEqual({
      ruleFiles: [join(folder, 'rules/*.yml')],
      externalLabels: { site: 'home', n: '1' },
      evaluationInterval: 90,
      queryOffset: 0,
    });
  });
});

describe('what is not', () => {
  const job = (field: string): string => `scrape_configs:\n  - job_name: a\n    ${field}\n`;

  test.each([
    [job('relabel_configs: []'), '3:5: relabel_configs is not supported by sysmon'],
    [job('metric_relabel_configs: []'), '3:5: metric_relabel_configs is not supported by sysmon'],
    [job('kubernetes_sd_configs: []'), '3:5: kubernetes_sd_configs is not supported by sysmon'],
    [job('proxy_url: x'), '3:5: proxy_url is not supported by sysmon'],
    [job('tls_config: {min_version: TLS13}'), '3:18: min_version is not supported by sysmon'],
    ['remote_write: []', '1:1: remote_write is not supported by sysmon'],
    ['global: {query_log_file: x}', '1:10: query_log_file is not supported by sysmon'],
    ['globals: {}', '1:1: field globals not found in the configuration'],
    [job('job_nme: x'), '3:5: field job_nme not found in scrape_configs'],
    [job('scrape_interval: 1.5s'), '3:22: scrape_interval: not a valid duration string: "1.5s"'],
    [job('scrape_interval: 0s'), '3:22: scrape_interval: must be more than 0'],
    [
      job('scrape_timeout: 2m'),
      '3:5: scrape timeout greater than scrape interval for scrape config with job name "a"',
    ],
    [job('scheme: ftp'), '3:13: scheme: expected http or https'],
    [job('honor_labels: maybe'), '3:19: honor_labels: expected true or false'],
    [job('sample_limit: -1'), '3:19: sample_limit: expected a whole number'],
    [job('static_configs: [{targets: ["http://x/"]}]'), '3:33: "http://x/" is not a valid hostname'],
    [job('static_configs: [{targets: [x], labels: {"a-b": c}}]'), '3:46: "a-b" is not a valid label name'],
    [job('static_configs: [{target: [x]}]'), '3:23: field target not found: there are targets and labels'],
    [
      job('file_sd_configs: [{files: [a/*/b.json]}]'),
      '3:32: path name "a/*/b.json" is not valid for file discovery',
    ],
    [
      job('authorization: {type: basic, credentials: x}'),
      '3:27: authorization type cannot be set to "basic", use "basic_auth" instead',
    ],
    [job('authorization: {type: Bearer}'), '3:5: authorization: there are no credentials'],
    [
      job('basic_auth: {password: a, password_file: b}'),
      '3:31: at most one of password and password_file must be configured',
    ],
    [
      job('authorization: {credentials: a}\n    basic_auth: {}'),
      '4:5: at most one of basic_auth and authorization must be configured',
    ],
    ['scrape_configs:\n  - scheme: http\n', '2:5: job_name is empty'],
    [`${job('')}  - job_name: a\n`, '4:5: found multiple scrape configs with job name "a"'],
    ['rule_files: x', '1:13: rule_files: expected a list'],
    ['scrape_configs: {', '1:17: "{" has no end'],
  ])('%j is refused at its place', async (text, message) => {
    expect(await wrong(text)).toBe(message);
  });
});

describe('jobs of --scrape', () => {
  const of = (text: string) => jobFromUrl(text, 15, 10);

  test('are called by their address, or as they are named', () => {
    expect(of('http://127.0.0.1:8000/metrics')).toMatchObject({
      name: '127.0.0.1:8000',
      groups: [{ targets: ['127.0.0.1:8000'] }],
    });
    expect(of('app=https://h/x?a=1&a=2&b=3')).toMatchObject({
      name: 'app',
      scheme: 'https',
      metricsPath: '/x',
      params: [
        ['a', ['1', '2']],
        ['b', ['3']],
      ],
    });
    expect(of('http://h:1')).toMatchObject({ metricsPath: '/metrics' });
  });

  test('of one name are one', () => {
    const [job, ...rest] = mergeJobs([
      of('app=http://h:1/'),
      of('app=http://h:2/x?q=1'),
      of('b=http://h:3/'),
    ]);
    expect(rest.map(({ name }) => name)).toEqual(['b']);
    expect(job?.groups).toEqual([
      { targets: ['h:1'], labels: {} },
      { targets: ['h:2'], labels: { __scheme__: 'http', __metrics_path__: '/x', __param_q: '1' } },
    ]);
  });
});
