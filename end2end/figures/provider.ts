// A provider that answers at once, or slowly with everything Markdown can do, and knows when it said its first word.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The model that answers at once, and the one that takes its time. Both have room for two thousand messages. */
export const BRISK = 'gpt-4.1-mini';
export const STEADY = 'gpt-4.1';

/** About three tokens at a time and a hundred and fifty a second, as a fast model writes. */
const PIECE = 12;
const PIECE_MS = 20;

const USAGE = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 };

const SECTION = (number: number) => `## ${number}. What a day of calls cost

A purser keeps the books of a ship: what was taken on board, what was used, and **what is left**. The same is done here
for every call, with \`NanoUsd\` instead of coins, and with a source beside *each* of the figures.

- what the provider counted, when it counted
- what was estimated from the text, when it did not
  1. first the words that went out
  2. then those that came back

| model | input | output | cost |
| --- | ---: | ---: | ---: |
| small | 1,204 | 310 | 0.000367 |
| large | 88,120 | 2,044 | 0.240652 |

\`\`\`rust
/// Adds up what a day of calls cost, and says so when it is more than fits.
pub fn total(calls: &[Call]) -> Result<NanoUsd, Overflow> {
    let mut sum = NanoUsd::ZERO;
    for call in calls {
        // Half a nano-dollar is rounded up: nobody is ever charged less than was paid.
        sum = sum.checked_add(call.cost.rounded_up()).ok_or(Overflow { at: call.id })?;
    }
    Ok(sum)
}
\`\`\`

> Whatever is not priced is shown as such, and never as nothing.

`;

/** A long reply, about twelve kilobytes. */
const LONG = Array.from({ length: 8 }, (_, number) => SECTION(number + 1)).join('');

const SHORT = (question: string) =>
  `You asked **${question.slice(0, 40)}**. In short: yes.\n\n- one reason\n- and \`another\`\n\n` +
  '```rust\nlet answer = 42;\n```\n';

export class Provider {
  /** How long it took from each question to its first word, in milliseconds; the latest last. */
  readonly firstWords: number[] = [];

  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async start(): Promise<Provider> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const provider = new Provider(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
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
      const data = [BRISK, STEADY].map((id) => ({ id, object: 'model', created: 0, owned_by: 'figures' }));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ object: 'list', data }));
      return;
    }
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { model, messages, stream } = JSON.parse(Buffer.concat(parts).toString());
    const question = String(messages.at(-1).content);
    if (!stream) {
      const message = { role: 'assistant', content: 'A title' };
      const choices = [{ index: 0, message, finish_reason: 'stop' }];
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ ...head(model, 'chat.completion'), choices, usage: USAGE }));
      return;
    }
    const slow = model === STEADY;
    const text = slow ? LONG : SHORT(question);
    const size = slow ? PIECE : text.length;
    response.socket?.setNoDelay(true);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (choices: object[], more = {}) =>
      response.write(`data: ${JSON.stringify({ ...head(model, 'chat.completion.chunk'), choices, ...more })}\n\n`);
    const began = performance.now();
    for (let place = 0; place < text.length && !response.destroyed; place += size) {
      send([{ index: 0, delta: { content: text.slice(place, place + size) }, finish_reason: null }]);
      if (place === 0) this.firstWords.push(performance.now() - asked);
      // By the clock, so that a late timer does not slow the whole answer down.
      const due = began + (place / size + 1) * PIECE_MS - performance.now();
      if (slow && due > 0) await new Promise((done) => setTimeout(done, due));
    }
    send([{ index: 0, delta: {}, finish_reason: 'stop' }], { usage: USAGE });
    response.end('data: [DONE]\n\n');
  }
}

function head(model: string, object: string) {
  return { id: 'chatcmpl-figures', object, created: 1_790_000_000, model };
}
