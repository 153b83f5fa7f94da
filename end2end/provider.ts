// A provider of OpenAI's dialect that says what a test or a picture wants said, and knows when it said its first word.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is answered to a question. */
export interface Saying {
  text: string;
  /** Tokens as the provider counts them. */
  tokens: { input: number; output: number };
  /** So many letters at a time, one piece in so many milliseconds; without it all at once. */
  pace?: { letters: number; ms: number };
}

/** What is said by which model to which question. */
export type Say = (model: string, question: string) => Saying;

export class Provider {
  /** How long it took from each question to its first word, in milliseconds; the latest last. */
  readonly firstWords: number[] = [];

  private constructor(
    readonly url: string,
    private readonly server: Server,
    private readonly models: readonly string[],
    private readonly say: Say,
  ) {}

  static async start(models: readonly string[], say: Say): Promise<Provider> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const provider = new Provider(url, server, models, say);
    server.on('request', (request, response) => void provider.answer(request, response));
    return provider;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private async answer(request: IncomingMessage, response: ServerResponse) {
    const asked = performance.now();
    if (request.method === 'GET') {
      const data = this.models.map((id) => ({ id, object: 'model', created: 0, owned_by: 'tests' }));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ object: 'list', data }));
      return;
    }
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { model, messages, stream } = JSON.parse(Buffer.concat(parts).toString());
    const { text, tokens, pace } = this.say(model, String(messages.at(-1).content));
    const usage = {
      prompt_tokens: tokens.input,
      completion_tokens: tokens.output,
      total_tokens: tokens.input + tokens.output,
    };
    if (!stream) {
      const choices = [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }];
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ ...head(model, 'chat.completion'), choices, usage }));
      return;
    }
    const letters = pace?.letters ?? text.length;
    response.socket?.setNoDelay(true);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (choices: object[], more = {}) =>
      response.write(`data: ${JSON.stringify({ ...head(model, 'chat.completion.chunk'), choices, ...more })}\n\n`);
    const began = performance.now();
    for (let place = 0; place < text.length && !response.destroyed; place += letters) {
      send([{ index: 0, delta: { content: text.slice(place, place + letters) }, finish_reason: null }]);
      if (place === 0) this.firstWords.push(performance.now() - asked);
      // By the clock, so that a late timer does not slow the whole answer down.
      const due = pace ? began + (place / letters + 1) * pace.ms - performance.now() : 0;
      if (due > 0) await new Promise((done) => setTimeout(done, due));
    }
    send([{ index: 0, delta: {}, finish_reason: 'stop' }], { usage });
    response.end('data: [DONE]\n\n');
  }
}

function head(model: string, object: string) {
  return { id: 'chatcmpl-tests', object, created: 1_790_000_000, model };
}
