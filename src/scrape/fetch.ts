/** Asks an exporter over HTTP, with what Node itself has. */

import { readFileSync } from 'node:fs';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { gunzip } from 'node:zlib';
import { systemReason } from '../exit.js';
import type { ScrapeJob, Secret } from './job.js';

/** Why there is no answer, in words that hold no secret. */
export class NoAnswer extends Error {}

export interface Answer {
  readonly body: Buffer;
  readonly contentType: string;
}

export interface Fetcher {
  /** Throws NoAnswer. */
  readonly get: (url: URL, signal: AbortSignal) => Promise<Answer>;
  readonly close: () => void;
}

/** As Prometheus asks: OpenMetrics where there is a choice. */
const ACCEPT =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.1';

const MOST_REDIRECTS = 10;
const REDIRECTS: ReadonlySet<number | undefined> = new Set([301, 302, 303, 307, 308]);

const secretOf = (secret: Secret): string => {
  try {
    return secret();
  } catch (error) {
    throw new NoAnswer(`cannot read its credentials: ${systemReason(error)}`);
  }
};

const authorizationOf = ({ credentials }: ScrapeJob): string | undefined => {
  if (credentials === undefined) return undefined;
  if (credentials.kind === 'token') return `${credentials.type} ${secretOf(credentials.credentials)}`;
  const pair = `${secretOf(credentials.username)}:${secretOf(credentials.password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
};

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name cannot be looked up now',
  ETIMEDOUT: 'connection timed out',
  EPIPE: 'connection closed',
};

const reasonOf = (error: unknown): string => {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  return REASONS[(error as NodeJS.ErrnoException).code ?? ''] ?? systemReason(error);
};

const readBody = async (response: IncomingMessage, limit: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new NoAnswer(`body size limit of ${limit} bytes exceeded`);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
};

const unpack = (body: Buffer, encoding: string | undefined, limit: number): Promise<Buffer> => {
  if (encoding === undefined || encoding === 'identity') return Promise.resolve(body);
  if (encoding !== 'gzip')
    return Promise.reject(new NoAnswer(`content encoding ${encoding} was not asked for`));
  return new Promise((resolve, reject) =>
    gunzip(body, { maxOutputLength: limit }, (error, text) => {
      if (error === null) resolve(text);
      else
        reject(
          new NoAnswer(
            error.message.includes('larger than')
              ? `body size limit of ${limit} bytes exceeded`
              : `gzip: ${error.message}`,
          ),
        );
    }),
  );
};

const fileOf = (path: string | undefined): Buffer | undefined => {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path);
  } catch (error) {
    throw new NoAnswer(`${path}: ${systemReason(error)}`);
  }
};

/** Keeps one connection a target open between scrapes. */
export const createFetcher = (job: ScrapeJob, userAgent: string): Fetcher => {
  let agents: { readonly http: HttpAgent; readonly https: HttpsAgent } | undefined;
  const agentsOf = (): { readonly http: HttpAgent; readonly https: HttpsAgent } => {
    const { tls = {} } = job;
    const [ca, cert, key] = [fileOf(tls.caFile), fileOf(tls.certFile), fileOf(tls.keyFile)];
    agents ??= {
      http: new HttpAgent({ keepAlive: true }),
      https: new HttpsAgent({
        keepAlive: true,
        rejectUnauthorized: tls.insecureSkipVerify !== true,
        ...(ca && { ca }),
        ...(cert && { cert }),
        ...(key && { key }),
        ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
      }),
    };
    return agents;
  };

  const ask = (url: URL, authorization: string | undefined, signal: AbortSignal): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const isSecure = url.protocol === 'https:';
      const { http, https } = agents ?? agentsOf();
      const headers = {
        accept: ACCEPT,
        'user-agent': userAgent,
        'x-prometheus-scrape-timeout-seconds': String(job.timeout),
        ...(job.compression ? { 'accept-encoding': 'gzip' } : {}),
        ...(authorization === undefined ? {} : { authorization }),
      };
      const request = isSecure
        ? httpsRequest(url, { headers, signal, agent: https })
        : httpRequest(url, { headers, signal, agent: http });
      request.on('response', resolve);
      request.on('error', reject);
      request.end();
    });

  const follow = async (url: URL, signal: AbortSignal): Promise<Answer> => {
    let authorization = authorizationOf(job);
    for (let at = url, redirects = 0; ; redirects++) {
      const response = await ask(at, authorization, signal);
      const { statusCode, statusMessage, headers } = response;
      if (statusCode === 200) {
        const body = await readBody(response, job.bodyLimit);
        const encoding = headers['content-encoding']?.toLowerCase();
        return {
          body: await unpack(body, encoding, job.bodyLimit),
          contentType: headers['content-type'] ?? '',
        };
      }
      response.resume();
      const { location } = headers;
      if (!job.followRedirects || !REDIRECTS.has(statusCode) || location === undefined)
        throw new NoAnswer(`server returned HTTP status ${statusCode} ${statusMessage}`);
      if (redirects === MOST_REDIRECTS) throw new NoAnswer(`stopped after ${MOST_REDIRECTS} redirects`);
      if (!URL.canParse(location, at.href)) throw new NoAnswer('redirected to what is no URL');
      const next = new URL(location, at);
      if (next.protocol !== 'http:' && next.protocol !== 'https:')
        throw new NoAnswer(`redirected to ${next.protocol}`);
      // Another host is nobody who was to be told.
      if (next.host !== at.host || (at.protocol === 'https:' && next.protocol === 'http:'))
        authorization = undefined;
      at = next;
    }
  };

  return {
    get: async (url, signal) => {
      const request = new AbortController();
      let isLate = false;
      const abort = (): void => request.abort();
      const timer = setTimeout(
        () => {
          isLate = true;
          abort();
        },
        Math.ceil(job.timeout * 1000),
      );
      signal.addEventListener('abort', abort);
      if (signal.aborted) abort();
      try {
        return await follow(url, request.signal);
      } catch (error) {
        if (error instanceof NoAnswer) throw error;
        throw new NoAnswer(isLate ? `no answer within ${job.timeout} s` : reasonOf(error));
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
      }
    },
    close: () => {
      agents?.http.destroy();
      agents?.https.destroy();
    },
  };
};
