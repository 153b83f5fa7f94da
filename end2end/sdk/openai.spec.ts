// The official OpenAI SDK, unmodified, against the gateway.
import OpenAI from 'openai';
import { expect, Fakes, Server, test } from '../fixtures';

interface House {
  key: string;
  client: OpenAI;
}

/** A house with an owner, a connection to the fake provider and a key. */
async function house(server: Server, fakes: Fakes): Promise<House> {
  const email = 'olga@example.org';
  server.command(
    ['user', 'create', '--email', email, '--role', 'owner', '--password-stdin'],
    'correct horse battery\n',
  );
  server.command(
    ['connection', 'add', '--kind', 'openai', '--name', 'openai', '--base-url', `${fakes.url}/openai/v1`, '--key-stdin'],
    'sk-fake-1\n',
  );
  const { key } = server.command(['key', 'create', '--user', email, '--name', 'sdk', '--budget-usd', '5']);
  const client = new OpenAI({ apiKey: key, baseURL: `${server.url}/v1`, maxRetries: 0 });
  // What a command changed beside the server holds within a second.
  await expect.poll(async () => (await client.models.list().catch(() => ({ data: [] }))).data.length).toBeGreaterThan(1);
  return { key, client };
}

const question = [{ role: 'user' as const, content: 'Tell me something.' }];

test('lists models, answers, streams, takes tools and images and keeps to a format', async ({ freshServer, fakes }) => {
  const server = await freshServer();
  const { client } = await house(server, fakes);

  const models = await client.models.list();
  expect(models.data.map((model) => model.id)).toContain('gpt-4o-mini');
  expect((await client.models.retrieve('gpt-4o-mini')).id).toBe('gpt-4o-mini');

  const answer = await client.chat.completions.create({ model: 'gpt-4o-mini', messages: question, max_completion_tokens: 400 });
  expect(answer.choices[0].message.content).toContain('Tell me something.');
  expect(answer.usage!.prompt_tokens).toBeGreaterThan(0);

  const stream = await client.chat.completions.create({
    model: 'gpt-4o-mini',
    messages: question,
    stream: true,
    stream_options: { include_usage: true },
    max_completion_tokens: 400,
  });
  let said = '';
  let usages = 0;
  for await (const chunk of stream) {
    said += chunk.choices[0]?.delta?.content ?? '';
    usages += chunk.usage ? 1 : 0;
  }
  expect(said).toBe(answer.choices[0].message.content);
  expect(usages).toBe(1);

  const seen = await client.chat.completions.create({
    model: 'gpt-4o-mini',
    max_completion_tokens: 100,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is on it?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
        ],
      },
    ],
  });
  expect(seen.choices[0].finish_reason).toBe('stop');

  const withTools = await client.chat.completions.create({
    model: 'gpt-4o-mini',
    max_completion_tokens: 100,
    messages: question,
    tools: [{ type: 'function', function: { name: 'lookup', parameters: { type: 'object', properties: { q: { type: 'string' } } } } }],
    tool_choice: 'auto',
  });
  expect(withTools.choices[0].message.role).toBe('assistant');

  const formatted = await client.chat.completions.create({
    model: 'gpt-4o-mini',
    max_completion_tokens: 100,
    messages: question,
    response_format: { type: 'json_object' },
  });
  expect(() => JSON.parse(formatted.choices[0].message.content!)).not.toThrow();
});

test('errors arrive as the SDK’s own types, with what to do next', async ({ freshServer, fakes }) => {
  const server = await freshServer();
  const { client } = await house(server, fakes);

  const stranger = new OpenAI({ apiKey: 'sk-purser-wrong', baseURL: `${server.url}/v1`, maxRetries: 0 });
  await expect(stranger.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);

  const ask = (model: string, more = {}) =>
    client.chat.completions.create({ model, messages: question, max_completion_tokens: 50, ...more });
  await expect(ask('no-such-model')).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  await expect(ask('gpt-4o-mini', { n: 0 })).rejects.toBeInstanceOf(OpenAI.BadRequestError);

  // A reply so long that its worst case exceeds the budget of five dollars.
  const dear = ask('gpt-4o-mini', { max_completion_tokens: 10_000_000 });
  await expect(dear).rejects.toMatchObject({ status: 402, code: 'insufficient_quota' });
  await expect(dear).rejects.toThrow(/It would fit with max_completion_tokens = \d+/);
});

test('a cancelled stream ends at once and is charged for what was delivered', async ({ freshServer, fakes }) => {
  const server = await freshServer();
  const { client } = await house(server, fakes);
  const stream = await client.chat.completions.create({
    model: 'gpt-4o-mini',
    messages: question,
    stream: true,
    max_completion_tokens: 400,
  });
  for await (const chunk of stream) {
    if (chunk.choices[0]?.delta?.content) break;
  }
  stream.controller.abort();
  await expect
    .poll(() => server.command(['usage', 'export', '--format', 'json']).length, { timeout: 10_000 })
    .toBe(1);
});
