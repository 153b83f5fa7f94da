// The official OpenAI SDK, unmodified, against the gateway.
import OpenAI from 'openai';
import { expect, sharedHouse, test } from '../fixtures';
import { MODEL, Upstream } from './upstream';

let upstream: Upstream;
let key: string;

const here = sharedHouse(async (house, { fakes }) => {
  upstream = await Upstream.start();
  key = await house.key(house.olga, 'sdk', '5');
  await house.connect('openai', fakes, MODEL);
  await house.connect('openai', upstream, MODEL, 'upstream');
});
test.beforeEach(() => {
  upstream.answered = 0;
});
test.afterAll(async () => {
  await upstream?.stop();
});

/** Models are named with their connection: both providers serve the same one. */
const FAKE = `openai/${MODEL}`;
const UPSTREAM = `upstream/${MODEL}`;

/** A client as a program makes it, without retries unless the test is about them. */
function client(options = {}): OpenAI {
  return new OpenAI({ apiKey: key, baseURL: `${here().url}/v1`, maxRetries: 0, ...options });
}

const question = [{ role: 'user' as const, content: 'Tell me something.' }];

test('lists models, answers and streams', async () => {
  const openai = client();
  const models = await openai.models.list();
  expect(models.data.map((model) => model.id)).toContain(MODEL);
  expect((await openai.models.retrieve(MODEL)).id).toBe(MODEL);

  const ask = { model: FAKE, messages: question, max_completion_tokens: 400 };
  const answer = await openai.chat.completions.create(ask);
  expect(answer.choices[0].message.content).toContain('Tell me something.');
  expect(answer.usage!.prompt_tokens).toBeGreaterThan(0);

  const stream = await openai.chat.completions.create({
    ...ask,
    stream: true,
    stream_options: { include_usage: true },
  });
  let said = '';
  let usages = 0;
  for await (const chunk of stream) {
    said += chunk.choices[0]?.delta?.content ?? '';
    usages += chunk.usage ? 1 : 0;
  }
  expect(said).toBe(answer.choices[0].message.content);
  expect(usages).toBe(1);

  // The SDK's own assembly of a stream.
  const whole = await openai.chat.completions.stream(ask).finalChatCompletion();
  expect(whole.choices[0].message.content).toBe(said);
  expect(whole.choices[0].finish_reason).toBe('stop');
});

test('sees images and keeps to a format', async () => {
  const openai = client();
  const seen = await openai.chat.completions.create({
    model: FAKE,
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
  expect(seen.choices[0].message.content).toContain('Images seen: 1');
  expect(seen.choices[0].finish_reason).toBe('stop');

  const schema = { type: 'object', properties: { reply: { type: 'string' } } };
  for (const format of [
    { type: 'json_object' as const },
    { type: 'json_schema' as const, json_schema: { name: 'reply', schema } },
  ]) {
    const formatted = await openai.chat.completions.create({
      model: FAKE,
      max_completion_tokens: 100,
      messages: question,
      response_format: format,
    });
    expect(JSON.parse(formatted.choices[0].message.content!)).toHaveProperty('reply', 'Tell me something.');
  }
});

for (const stream of [false, true]) {
  test(`runs tools and hands their results back, ${stream ? 'streamed' : 'whole'}`, async () => {
    const openai = client();
    const asked: string[] = [];
    const tool = (name: string) => ({
      type: 'function' as const,
      function: {
        name,
        description: `The tool ${name}`,
        parameters: { type: 'object', properties: { q: { type: 'string' } } },
        parse: JSON.parse,
        function: ({ q }: { q: string }) => {
          asked.push(`${name} ${q}`);
          return `${name} knows ${q}`;
        },
      },
    });
    const order = {
      model: UPSTREAM,
      messages: question,
      tools: [tool('lookup'), tool('guess')],
      max_completion_tokens: 100,
    };
    const runner = stream
      ? openai.chat.completions.runTools({ ...order, stream: true })
      : openai.chat.completions.runTools(order);
    expect(await runner.finalContent()).toBe('Found: lookup knows été, guess knows été');
    expect(asked.sort()).toEqual(['guess été', 'lookup été']);
    expect(upstream.answered).toBe(2);
  });
}

test('errors arrive as the SDK’s own types, with what to do next', async () => {
  const house = here();
  const openai = client();
  const stranger = new OpenAI({ apiKey: 'sk-purser-wrong', baseURL: `${house.url}/v1`, maxRetries: 0 });
  await expect(stranger.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);

  const ask = (model: string, more = {}) =>
    openai.chat.completions.create({ model, messages: question, max_completion_tokens: 50, ...more });
  await expect(ask('no-such-model')).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  await expect(ask(FAKE, { n: 0 })).rejects.toBeInstanceOf(OpenAI.BadRequestError);

  // A reply so long that its worst case exceeds the budget of five dollars.
  const dear = ask(FAKE, { max_completion_tokens: 10_000_000 });
  await expect(dear).rejects.toMatchObject({ status: 402, code: 'insufficient_quota' });
  await expect(dear).rejects.toThrow(/It would fit with max_completion_tokens = \d+/);
});

test('a busy provider is asked again by the SDK itself, a locked one is not', async () => {
  const openai = client({ maxRetries: 2 });
  const ask = (content: string) =>
    openai.chat.completions.create({
      model: UPSTREAM,
      messages: [{ role: 'user', content }],
      max_completion_tokens: 50,
    });
  expect((await ask('Are you busy?')).choices[0].message.content).toBe('Found: ');
  expect(upstream.answered).toBe(2);

  upstream.answered = 0;
  const locked = ask('Is it locked?');
  await expect(locked).rejects.toBeInstanceOf(OpenAI.InternalServerError);
  await expect(locked).rejects.toMatchObject({ status: 502, code: 'provider_refused_key' });
  expect(upstream.answered).toBe(1);
});

test('a cancelled stream ends at once and is charged for what was delivered', async ({ slowFakes }) => {
  const house = here();
  const gail = await house.person('gail');
  const openai = client({ apiKey: await house.key(gail, 'sdk', '5') });
  await house.connect('openai', slowFakes, MODEL, 'slow');
  const stream = await openai.chat.completions.create({
    model: `slow/${MODEL}`,
    messages: question,
    stream: true,
    max_completion_tokens: 400,
  });
  let said = '';
  for await (const chunk of stream) {
    said += chunk.choices[0]?.delta?.content ?? '';
    if (said.split(' ').length > 4) break;
  }
  stream.controller.abort();
  const cancelled = Date.now();
  const booked = async () => {
    const rows: Record<string, unknown>[] = await house.server.command(['usage', 'export', '--format', 'json']);
    return rows.filter((row) => row.member_id === gail.id);
  };
  await expect.poll(booked).toMatchObject([{ calls: 1, usage_source: 'estimated', price_state: 'priced' }]);
  // The whole answer would have taken six seconds and sixty words.
  expect(Date.now() - cancelled).toBeLessThan(4_000);
  const [{ output, charge_nano_usd }] = await booked();
  expect(output).toBeGreaterThan(2);
  expect(output).toBeLessThan(40);
  expect(charge_nano_usd).toBeGreaterThan(0);
});
