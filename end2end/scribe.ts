// A provider whose replies a test writes itself, piece by piece: what is looked at between two of them stands still.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The model it speaks for. */
export const SCRIBE = 'gpt-4o-mini';

const USAGE = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 };

/** How long a test waits to be asked. */
const PATIENCE_MS = 10_000;

/** Speaks OpenAI's dialect. Of several questions at once it answers the first one, so a house has one writer at a time. */
export class Scribe {
  private readonly asked: ServerResponse[] = [];

  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async start(): Promise<Scribe> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const scribe = new Scribe(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
    server.on('request', (request, response) => void scribe.answer(request, response));
    return scribe;
  }

  /** Says more of what it thinks before it answers. */
  async think(text: string) {
    this.send(await this.pen(), [{ index: 0, delta: { reasoning_content: text }, finish_reason: null }]);
  }

  /** Says more of the reply. */
  async write(text: string) {
    this.send(await this.pen(), [{ index: 0, delta: { content: text }, finish_reason: null }]);
  }

  /** Ends the reply; the next piece belongs to the next question. */
  async end() {
    const pen = await this.pen();
    this.send(pen, [{ index: 0, delta: {}, finish_reason: 'stop' }], { usage: USAGE });
    pen.end('data: [DONE]\n\n');
    this.asked.shift();
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  /** The question that is being answered, once there is one. */
  private async pen(): Promise<ServerResponse> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      // Who stopped a reply does not wait for its end.
      while (this.asked[0]?.destroyed) this.asked.shift();
      if (this.asked[0]) return this.asked[0];
      if (Date.now() > deadline) throw new Error('nobody asked the scribe');
      await new Promise((done) => setTimeout(done, 10));
    }
  }

  private send(pen: ServerResponse, choices: object[], more = {}) {
    pen.write(`data: ${JSON.stringify({ ...head('chat.completion.chunk'), choices, ...more })}\n\n`);
  }

  private async answer(request: IncomingMessage, response: ServerResponse) {
    const json = (body: object) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.method === 'GET') {
      json({ object: 'list', data: [{ id: SCRIBE, object: 'model', created: 0, owned_by: 'scribe' }] });
      return;
    }
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { stream } = JSON.parse(Buffer.concat(parts).toString());
    if (!stream) {
      // A title, which nobody has to write.
      const choices = [{ index: 0, message: { role: 'assistant', content: 'A title' }, finish_reason: 'stop' }];
      json({ ...head('chat.completion'), choices, usage: USAGE });
      return;
    }
    response.socket?.setNoDelay(true);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    this.asked.push(response);
  }
}

function head(object: string) {
  return { id: 'chatcmpl-scribe', object, created: 1_790_000_000, model: SCRIBE };
}
