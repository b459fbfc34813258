/** An exporter on loopback whose answers are set by the test. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface Exporter {
  readonly address: string;
  readonly url: string;
  answer: string | Handler;
  contentType: string;
  /** Requests so far. */
  readonly requests: IncomingMessage[];
  readonly close: () => void;
}

export const openExporter = async (answer: string | Handler): Promise<Exporter> => {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    if (typeof exporter.answer === 'function') return exporter.answer(request, response);
    response.writeHead(200, { 'content-type': exporter.contentType });
    response.end(exporter.answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(close);
  const exporter: Exporter = {
    address: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}/metrics`,
    answer,
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    requests,
    close,
  };
  return exporter;
};
