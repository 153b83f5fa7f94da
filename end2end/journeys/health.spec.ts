import { expect, test } from '../fixtures';

for (const path of ['/health', '/ready']) {
  test(`${path} answers at once, is never kept and carries the safety headers`, async ({ request }) => {
    const answer = await request.get(path);
    expect(answer.status()).toBe(200);
    const headers = answer.headers();
    expect(headers['cache-control']).toContain('no-store');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('same-origin');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers).not.toHaveProperty('set-cookie');
  });
}

test('a path that nobody serves is a 404 with the same safety headers', async ({ request }) => {
  const answer = await request.get('/no-such-page');
  expect(answer.status()).toBe(404);
  expect(answer.headers()['x-content-type-options']).toBe('nosniff');
  expect(answer.headers()['content-security-policy']).toContain("frame-ancestors 'none'");
});

test('a killed server is ready again on the same data folder', async ({ freshServer, request }) => {
  const server = await freshServer();
  const first = server.pid;
  await server.restart('SIGKILL');
  expect(server.pid).not.toBe(first);
  expect((await request.get(`${server.url}/health`)).status()).toBe(200);
});

test('SIGTERM ends the server by itself and in order', async ({ freshServer }) => {
  const server = await freshServer();
  await server.kill('SIGTERM');
  expect(server.exitCode).toBe(0);
});
