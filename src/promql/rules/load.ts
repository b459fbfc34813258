/** Rule files into rules, with everything that is wrong with them. What is accepted is what Prometheus 3 accepts. */

import {
  placeInScalar,
  readYaml,
  type YamlDocument,
  type YamlEntry,
  type YamlNode,
  type YamlScalar,
} from '../../yaml.js';
import { type Expr, ParseError } from '../ast.js';
import { METRIC_NAME } from '../labels.js';
import { parse } from '../parse.js';
import { checkTemplate } from '../template/index.js';
import { type FieldReader, openFields } from './fields.js';
import type { Pairs, Problem, Rule, RuleFile, RuleGroup } from './rule.js';

const GROUP_FIELDS = ['name', 'interval', 'query_offset', 'limit', 'rules', 'labels'];
const RULE_FIELDS = ['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'];

/** Names that Prometheus took before 3.0. */
const OLD_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const OLD_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * Throws a UserError where the text is no YAML; whatever else is wrong is among the problems. `queryOffset`, ms, is of groups that
 * name none.
 */
export const loadRules = async (text: string, file: string, queryOffset = 0): Promise<RuleFile> => {
  const document = await readYaml(text, file);
  const reader = openFields();
  const oddities: Problem[] = [];
  if (document.second !== undefined)
    oddities.push({
      at: document.second,
      message: 'a second document begins here, which Prometheus does not read',
    });
  const groups =
    document.root === undefined ? [] : groupsOf(document, document.root, queryOffset, reader, oddities);
  const problems = [...reader.problems].sort((a, b) => a.at.offset - b.at.offset);
  return { file, groups, problems, oddities };
};

const groupsOf = (
  document: YamlDocument,
  root: YamlNode,
  queryOffset: number,
  reader: FieldReader,
  oddities: Problem[],
): readonly RuleGroup[] => {
  const seen = new Set<string>();
  const groups: RuleGroup[] = [];
  for (const node of reader.items(reader.fields(root, 'a rule file', ['groups'])?.get('groups'))) {
    const fields = reader.fields(node, 'a rule group', GROUP_FIELDS);
    if (fields === undefined) continue;
    const name = reader.text(fields.get('name'));
    if (name === '') reader.wrong(node.at, 'Groupname must not be empty');
    if (seen.has(name)) reader.wrong(node.at, `groupname: "${name}" is repeated in the same file`);
    seen.add(name);
    const labels = labelsOf(fields.get('labels'), `group "${name}"`, reader, oddities);
    const rules = reader
      .items(fields.get('rules'))
      .map((item, index) => ruleOf(document, item, { group: name, index, labels }, reader, oddities))
      .filter((rule) => rule !== undefined);
    groups.push({
      file: document.file,
      name,
      at: node.at,
      interval: reader.duration(fields.get('interval')) || undefined,
      queryOffset: reader.duration(fields.get('query_offset')) ?? queryOffset,
      limit: reader.whole(fields.get('limit')) ?? 0,
      rules,
    });
  }
  return groups;
};

interface Surroundings {
  readonly group: string;
  readonly index: number;
  readonly labels: Pairs;
}

const ruleOf = (
  document: YamlDocument,
  node: YamlNode,
  around: Surroundings,
  reader: FieldReader,
  oddities: Problem[],
): Rule | undefined => {
  const fields = reader.fields(node, 'a rule', RULE_FIELDS);
  if (fields === undefined) return undefined;
  const [record, alert] = [reader.text(fields.get('record')), reader.text(fields.get('alert'))];
  const name = alert || record;
  const where = `group "${around.group}", rule ${around.index + 1}, "${name}"`;
  const wrong = (entry: YamlEntry | undefined, reason: string, hint?: string): void =>
    reader.wrong(entry?.keyAt ?? node.at, `${where}: ${reason}`, hint);

  if (record !== '' && alert !== '')
    wrong(fields.get('alert'), "only one of 'record' and 'alert' must be set");
  if (name === '') wrong(undefined, "one of 'record' or 'alert' must be set");
  const query = fields.get('expr');
  const expr = exprOf(document, node, query, where, reader);
  const holds = reader.duration(fields.get('for')) ?? 0;
  const keepFiringFor = reader.duration(fields.get('keep_firing_for')) ?? 0;
  const annotations = reader.texts(fields.get('annotations'));
  const labels = labelsOf(fields.get('labels'), where, reader, oddities);

  if (record !== '') {
    if (annotations.length > 0)
      wrong(fields.get('annotations'), "invalid field 'annotations' in recording rule");
    if (holds !== 0) wrong(fields.get('for'), "invalid field 'for' in recording rule");
    if (keepFiringFor !== 0)
      wrong(fields.get('keep_firing_for'), "invalid field 'keep_firing_for' in recording rule");
    if (/[{}]/.test(record))
      wrong(
        fields.get('record'),
        `braces present in the recording rule name; should it be in expr?: ${record}`,
        'What the series shall be labelled with stands in labels.',
      );
    else if (!OLD_NAME.test(record))
      oddities.push({
        at: fields.get('record')?.value.at ?? node.at,
        message: `${where}: invalid recording rule name before Prometheus 3: ${record}`,
      });
  }
  for (const [label] of annotations) {
    const at = placeOfKey(fields.get('annotations'), label) ?? node.at;
    if (label === '') reader.wrong(at, `${where}: invalid annotation name: `);
    else if (!OLD_LABEL.test(label))
      oddities.push({ at, message: `${where}: invalid annotation name before Prometheus 3: ${label}` });
  }
  if (alert !== '') checkTemplates(alert, { labels, annotations }, where, fields, reader);

  if (expr === undefined || name === '') return undefined;
  const scalar = query?.value as YamlScalar;
  const all = [...new Map([...around.labels, ...labels])];
  const queryAt = placeInScalar(document, scalar, 0);
  const base = { name, query: scalar.text, expr, labels: all, at: node.at, queryAt };
  return record !== ''
    ? { kind: 'record', ...base }
    : { kind: 'alert', ...base, for: holds, keepFiringFor, annotations };
};

const labelsOf = (
  entry: YamlEntry | undefined,
  where: string,
  reader: FieldReader,
  oddities: Problem[],
): Pairs => {
  const labels = reader.texts(entry);
  for (const [name] of labels) {
    const at = placeOfKey(entry, name);
    if (at === undefined) continue;
    if (name === '' || name === METRIC_NAME) reader.wrong(at, `${where}: invalid label name: ${name}`);
    else if (!OLD_LABEL.test(name))
      oddities.push({ at, message: `${where}: invalid label name before Prometheus 3: ${name}` });
  }
  return labels;
};

const placeOfKey = (entry: YamlEntry | undefined, name: string): YamlEntry['keyAt'] | undefined =>
  entry?.value.kind === 'map' ? entry.value.entries.find(({ key }) => key === name)?.keyAt : undefined;

const exprOf = (
  document: YamlDocument,
  rule: YamlNode,
  entry: YamlEntry | undefined,
  where: string,
  reader: FieldReader,
): Expr | undefined => {
  const node = entry?.value;
  if (node?.kind !== 'scalar' || node.text === '') {
    reader.wrong(node?.at ?? rule.at, `${where}: field 'expr' must be set in rule`);
    return undefined;
  }
  try {
    return parse(node.text);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const at = placeInScalar(document, node, error.span.start);
    reader.wrong(at, `${where}: could not parse expression: ${error.message}`);
    return undefined;
  }
};

const checkTemplates = (
  alert: string,
  { labels, annotations }: { readonly labels: Pairs; readonly annotations: Pairs },
  where: string,
  fields: ReadonlyMap<string, YamlEntry>,
  reader: FieldReader,
): void => {
  const check = (pairs: Pairs, what: string, entry: YamlEntry | undefined): void => {
    for (const [name, text] of pairs) {
      const error = text.includes('{{') ? checkTemplate(text, `__alert_${alert}`) : undefined;
      if (error === undefined || entry === undefined) continue;
      const at = placeOfKey(entry, name) ?? entry.keyAt;
      reader.wrong(at, `${where}: ${what} "${name}": ${error.message}`);
    }
  };
  check(labels, 'label', fields.get('labels'));
  check(annotations, 'annotation', fields.get('annotations'));
};
