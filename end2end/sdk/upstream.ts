// A provider for what the fakes' command line cannot choose: tool calls, and a bad answer before a good one.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ChatCompletionCreateParams, ChatCompletionMessageToolCall } from 'openai/resources/chat/completions';

export const MODEL = 'gpt-4o-mini';

const USAGE = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 };

/**
 * Speaks OpenAI's dialect. Where tools are offered it asks for each of them once and then says what they found. The
 * word `busy` in a question gets a 429 the first time it is asked, `locked` always a 401.
 */
export class Upstream {
  /** Answers given to chat completions, refusals included. */
  answered = 0;

  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async start(): Promise<Upstream> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const upstream = new Upstream(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
    server.on('request', (request, response) => void upstream.answer(request, response));
    return upstream;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private async answer(request: IncomingMessage, response: ServerResponse) {
    const json = (status: number, body: object, headers = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    if (request.method === 'GET') {
      json(200, { object: 'list', data: [{ id: MODEL, object: 'model', created: 0, owned_by: 'upstream' }] });
      return;
    }
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const asked = JSON.parse(Buffer.concat(pieces).toString()) as ChatCompletionCreateParams;
    const words = JSON.stringify(asked.messages);
    this.answered += 1;
    if (words.includes('locked')) {
      json(401, {
        error: { message: 'Incorrect API key provided', type: 'invalid_request_error', code: 'invalid_api_key' },
      });
    } else if (words.includes('busy') && this.answered === 1) {
      json(429, { error: { message: 'Slow down', type: 'rate_limit_error', code: null } }, { 'retry-after': '0' });
    } else if (asked.stream) {
      this.stream(asked, response);
    } else {
      const message = { role: 'assistant', ...this.said(asked) };
      const reason = message.tool_calls ? 'tool_calls' : 'stop';
      json(200, { ...head('chat.completion'), choices: [{ index: 0, message, finish_reason: reason }], usage: USAGE });
    }
  }

  private said(asked: ChatCompletionCreateParams) {
    const found = asked.messages.filter((message) => message.role === 'tool').map((message) => message.content);
    if (!asked.tools || found.length > 0) return { content: `Found: ${found.join(', ')}`, tool_calls: undefined };
    const calls = asked.tools.flatMap((tool, index): ChatCompletionMessageToolCall[] => {
      if (tool.type !== 'function') return [];
      return [
        { id: `call_${index}`, type: 'function', function: { name: tool.function.name, arguments: '{"q":"été"}' } },
      ];
    });
    return { content: null, tool_calls: calls };
  }

  /** Arguments come in pieces, those of several calls mixed. */
  private stream(asked: ChatCompletionCreateParams, response: ServerResponse) {
    const { content, tool_calls: calls } = this.said(asked);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (choices: object[], more = {}) =>
      response.write(`data: ${JSON.stringify({ ...head('chat.completion.chunk'), choices, ...more })}\n\n`);
    const delta = (delta: object) => send([{ index: 0, delta, finish_reason: null }]);
    delta({ role: 'assistant', content: null });
    for (const word of (content ?? '').split(/(?<= )/)) if (word) delta({ content: word });
    const functions = (calls ?? []).flatMap((call) => (call.type === 'function' ? [call] : []));
    for (const [index, call] of functions.entries()) {
      delta({
        tool_calls: [{ index, id: call.id, type: 'function', function: { name: call.function.name, arguments: '' } }],
      });
    }
    for (const half of [0, 1]) {
      for (const [
        index,
        {
          function: { arguments: text },
        },
      ] of functions.entries()) {
        const piece = half === 0 ? text.slice(0, 4) : text.slice(4);
        delta({ tool_calls: [{ index, function: { arguments: piece } }] });
      }
    }
    send([{ index: 0, delta: {}, finish_reason: calls ? 'tool_calls' : 'stop' }]);
    if (asked.stream_options?.include_usage) send([], { usage: USAGE });
    response.end('data: [DONE]\n\n');
  }
}

function head(object: string) {
  return { id: 'chatcmpl-upstream', object, created: 1_790_000_000, model: MODEL };
}
