/** Credentials in prometheus.yml. What is secret is handed on as a function: it cannot be printed by accident. */

import { readFileSync } from 'node:fs';
import type { YamlEntry } from '../yaml.js';
import type { ConfigReader } from './config-reader.js';
import type { Credentials, Secret, Tls } from './job.js';

/** A text that stands in the file, or that another file holds. */
interface Draft {
  inline?: YamlEntry;
  file?: YamlEntry;
}

/** Undefined where neither is given. */
const secretOf = (reader: ConfigReader, { inline, file }: Draft): Secret | undefined => {
  if (inline !== undefined && file !== undefined)
    return reader.fail(file, `at most one of ${inline.key} and ${file.key} must be configured`);
  if (inline !== undefined) {
    const text = reader.text(inline);
    return () => text;
  }
  if (file === undefined) return undefined;
  const path = reader.path(reader.text(file));
  return () => readFileSync(path, 'utf8').trim();
};

const NO_SECRET: Secret = () => '';

export const readBasic = (reader: ConfigReader, { value }: YamlEntry): Credentials => {
  const username: Draft = {};
  const password: Draft = {};
  reader.fields(
    value,
    'basic_auth',
    {
      username: (entry) => {
        username.inline = entry;
      },
      username_file: (entry) => {
        username.file = entry;
      },
      password: (entry) => {
        password.inline = entry;
      },
      password_file: (entry) => {
        password.file = entry;
      },
    },
    ['username_ref', 'password_ref'],
  );
  return {
    kind: 'basic',
    username: secretOf(reader, username) ?? NO_SECRET,
    password: secretOf(reader, password) ?? NO_SECRET,
  };
};

export const readToken = (reader: ConfigReader, entry: YamlEntry): Credentials => {
  const credentials: Draft = {};
  let type = 'Bearer';
  reader.fields(
    entry.value,
    'authorization',
    {
      type: (field) => {
        type = reader.text(field).trim();
        if (type.toLowerCase() === 'basic')
          reader.fail(field.value, 'authorization type cannot be set to "basic", use "basic_auth" instead');
      },
      credentials: (field) => {
        credentials.inline = field;
      },
      credentials_file: (field) => {
        credentials.file = field;
      },
    },
    ['credentials_ref'],
  );
  const secret =
    secretOf(reader, credentials) ?? reader.fail(entry, 'authorization: there are no credentials');
  return { kind: 'token', type, credentials: secret };
};

export const readTls = (reader: ConfigReader, { value }: YamlEntry): Tls => {
  const tls: { -readonly [Key in keyof Tls]: Tls[Key] } = {};
  reader.fields(
    value,
    'tls_config',
    {
      ca_file: (field) => {
        tls.caFile = reader.path(reader.text(field));
      },
      cert_file: (field) => {
        tls.certFile = reader.path(reader.text(field));
      },
      key_file: (field) => {
        tls.keyFile = reader.path(reader.text(field));
      },
      server_name: (field) => {
        tls.serverName = reader.text(field);
      },
      insecure_skip_verify: (field) => {
        tls.insecureSkipVerify = reader.bool(field);
      },
    },
    ['ca', 'cert', 'key', 'ca_ref', 'cert_ref', 'key_ref', 'min_version', 'max_version'],
  );
  return tls;
};
