/** Unit tests of rules, as promtool has them: the file, with everything that is wrong with it. */

import { UserError } from '../../../exit.js';
import { readYaml, type YamlEntry, type YamlNode, type YamlPlace } from '../../../yaml.js';
import { type Labels, labelsFrom } from '../../labels.js';
import { readMetric, readPoints, type WrittenSeries } from '../../notation.js';
import { type FieldReader, openFields } from '../fields.js';
import type { Pairs, Problem } from '../rule.js';

export interface AlertTest {
  readonly at: YamlPlace;
  /** ms after the start */
  readonly evalTime: number;
  readonly alertname: string;
  readonly expected: readonly { readonly labels: Pairs; readonly annotations: Pairs }[];
}

export interface ExprTest {
  readonly at: YamlPlace;
  readonly evalTime: number;
  readonly query: string;
  readonly expected: readonly { readonly labels: Labels; readonly value: number }[];
}

export interface TestGroup {
  readonly at: YamlPlace;
  /** '' where it has none. */
  readonly name: string;
  /** ms between samples */
  readonly interval: number;
  /** ms since 1970 */
  readonly start: number;
  readonly series: readonly WrittenSeries[];
  readonly alerts: readonly AlertTest[];
  readonly exprs: readonly ExprTest[];
  readonly externalLabels: Labels;
  readonly externalUrl: string;
}

export interface UnitTestFile {
  readonly file: string;
  /** Patterns, as they are written: beside the file. */
  readonly ruleFiles: readonly string[];
  /** ms */
  readonly evaluationInterval: number;
  readonly groupOrder: readonly string[];
  /** Takes two floats beside each other as the same. */
  readonly fuzzy: boolean;
  readonly groups: readonly TestGroup[];
  readonly problems: readonly Problem[];
}

const FILE = ['rule_files', 'evaluation_interval', 'group_eval_order', 'fuzzy_compare', 'tests'];
const TEST = ['interval', 'name', 'input_series', 'alert_rule_test', 'promql_expr_test'].concat([
  'external_labels',
  'external_url',
  'start_timestamp',
]);
const DEFAULT_INTERVAL = 60_000;

/** Throws a UserError where the text is no YAML; whatever else is wrong is among the problems. */
export const loadUnitTests = async (text: string, file: string): Promise<UnitTestFile> => {
  const { root } = await readYaml(text, file);
  const reader = openFields();
  const fields = root === undefined ? undefined : reader.fields(root, 'a file of unit tests', FILE);
  const texts = (entry: YamlEntry | undefined): readonly string[] =>
    reader.items(entry).map((value) => reader.text(entry && { ...entry, value }));
  const evaluationInterval = reader.duration(fields?.get('evaluation_interval')) || DEFAULT_INTERVAL;
  const groupOrder = texts(fields?.get('group_eval_order'));
  groupOrder.forEach((name, index) => {
    const entry = fields?.get('group_eval_order') as YamlEntry;
    if (groupOrder.indexOf(name) < index)
      reader.wrong(entry.keyAt, `group name repeated in evaluation order: ${name}`);
  });
  const groups = reader
    .items(fields?.get('tests'))
    .map((node) => testOf(node, reader, evaluationInterval))
    .filter((group) => group !== undefined);
  return {
    file,
    ruleFiles: texts(fields?.get('rule_files')),
    evaluationInterval,
    groupOrder,
    fuzzy: reader.flag(fields?.get('fuzzy_compare')),
    groups,
    problems: reader.problems,
  };
};

const testOf = (node: YamlNode, reader: FieldReader, evaluationInterval: number): TestGroup | undefined => {
  const fields = reader.fields(node, 'a test', TEST);
  if (fields === undefined) return undefined;
  const each = <T>(name: string, read: (item: YamlNode) => T | undefined): readonly T[] =>
    reader
      .items(fields.get(name))
      .map(read)
      .filter((one) => one !== undefined);
  return {
    at: node.at,
    name: reader.text(fields.get('name')),
    interval: reader.duration(fields.get('interval')) || evaluationInterval,
    start: startOf(fields.get('start_timestamp'), reader),
    series: each('input_series', (item) => seriesOf(item, reader)),
    alerts: each('alert_rule_test', (item) => alertTestOf(item, reader)),
    exprs: each('promql_expr_test', (item) => exprTestOf(item, reader)),
    externalLabels: labelsFrom(reader.texts(fields.get('external_labels'))),
    externalUrl: reader.text(fields.get('external_url')),
  };
};

/** Seconds since 1970, or a time as RFC 3339 has it. */
const startOf = (entry: YamlEntry | undefined, reader: FieldReader): number => {
  const text = reader.text(entry).trim();
  if (entry === undefined || text === '') return 0;
  const seconds = Number(text);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text);
  if (Number.isFinite(ms)) return Math.round(ms);
  reader.wrong(entry.value.at, `start_timestamp: neither seconds nor a time: ${JSON.stringify(text)}`);
  return 0;
};

/** What `read` gives; what it cannot read is a problem of this entry. */
const tried = <T>(entry: YamlEntry | undefined, reader: FieldReader, read: () => T): T | undefined => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError) || entry === undefined) throw error;
    reader.wrong(entry.value.at, `${entry.key}: ${error.message}`);
    return undefined;
  }
};

const seriesOf = (node: YamlNode, reader: FieldReader): WrittenSeries | undefined => {
  const fields = reader.fields(node, 'an input series', ['series', 'values']);
  if (fields === undefined) return undefined;
  const [series, values] = [fields.get('series'), fields.get('values')];
  if (reader.text(series).trim() === '') {
    reader.wrong(node.at, 'series: expected a name, labels in braces, or both');
    return undefined;
  }
  const labels = tried(series, reader, () => readMetric(reader.text(series)));
  const points = tried(values, reader, () => readPoints(reader.text(values)));
  return labels && points && { labels, points };
};

const alertTestOf = (node: YamlNode, reader: FieldReader): AlertTest | undefined => {
  const fields = reader.fields(node, 'an alert test', ['eval_time', 'alertname', 'exp_alerts']);
  if (fields === undefined) return undefined;
  const alertname = reader.text(fields.get('alertname'));
  const evalTime = reader.duration(fields.get('eval_time')) ?? 0;
  if (alertname === '')
    reader.wrong(node.at, 'an item under alert_rule_test misses required attribute alertname');
  const expected = reader.items(fields.get('exp_alerts')).map((item) => {
    const alert = reader.fields(item, 'an expected alert', ['exp_labels', 'exp_annotations']);
    const own = reader.texts(alert?.get('exp_labels'));
    return {
      labels: [...own.filter(([name]) => name !== 'alertname'), ['alertname', alertname] as const],
      annotations: reader.texts(alert?.get('exp_annotations')),
    };
  });
  return { at: node.at, evalTime, alertname, expected };
};

const exprTestOf = (node: YamlNode, reader: FieldReader): ExprTest | undefined => {
  const fields = reader.fields(node, 'an expression test', ['expr', 'eval_time', 'exp_samples']);
  if (fields === undefined) return undefined;
  const expected = reader.items(fields.get('exp_samples')).flatMap((item) => {
    const sample = reader.fields(item, 'an expected sample', ['labels', 'value', 'histogram']);
    const labels = tried(sample?.get('labels'), reader, () => readMetric(reader.text(sample?.get('labels'))));
    const histogram = sample?.get('histogram');
    if (reader.text(histogram) !== '')
      reader.wrong(histogram?.keyAt ?? item.at, 'histogram: native histograms are not supported');
    const value = numberOf(sample?.get('value'), reader);
    return labels === undefined ? [] : [{ labels, value }];
  });
  return {
    at: node.at,
    evalTime: reader.duration(fields.get('eval_time')) ?? 0,
    query: reader.text(fields.get('expr')),
    expected,
  };
};

const numberOf = (entry: YamlEntry | undefined, reader: FieldReader): number => {
  const value = entry?.value.kind === 'scalar' ? entry.value.value : undefined;
  if (typeof value === 'number') return value;
  if (entry !== undefined && value !== null)
    reader.wrong(entry.value.at, `value: expected a number, not ${JSON.stringify(reader.text(entry))}`);
  return 0;
};
