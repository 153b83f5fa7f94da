// A house with people and connections in it: what most journeys begin with.
import { expect, type Page } from '@playwright/test';
import { hydrated } from './browser';
import { Server } from './processes';

export const PASSWORD = 'correct horse battery';

export type Role = 'owner' | 'admin' | 'member';

/** Somebody who can sign in. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
}

/** A provider as a connection names it, and where the fakes answer for it. */
export type Kind = 'openai' | 'openai-compatible' | 'anthropic' | 'gemini';

const PATHS: Record<Kind, string> = {
  openai: '/openai/v1',
  'openai-compatible': '/compatible/v1',
  anthropic: '/anthropic',
  gemini: '/gemini/v1beta',
};

/** Whoever answers as a provider: the fakes, or a server of a test's own. */
export interface Provider {
  readonly url: string;
}

/** Where it answers for a kind of connection. */
export function addressOf(kind: Kind, provider: Provider): string {
  return provider.url + PATHS[kind];
}

/** A running house with its owner, Olga. */
export class House {
  /** Everybody who can sign in, in the order they came. */
  readonly people: Person[] = [];
  private watchman?: string;

  private constructor(readonly server: Server) {}

  static async open(server?: Server): Promise<House> {
    const house = new House(server ?? (await Server.start()));
    await house.person('olga', 'owner');
    // What a command changed beside the server holds within a second.
    await expect.poll(async () => (await fetch(`${house.url}/signin`, { redirect: 'manual' })).status).toBe(200);
    return house;
  }

  get url(): string {
    return this.server.url;
  }

  /** The owner. */
  get olga(): Person {
    return this.people[0];
  }

  /** Makes somebody who can sign in at once. */
  async person(name: string, role: Role = 'member', mailbox = name): Promise<Person> {
    const email = `${mailbox}@example.org`;
    const { id } = await this.server.command(
      ['user', 'create', '--name', name, '--email', email, '--role', role, '--password-stdin'],
      `${PASSWORD}\n`,
    );
    const person = { id, name, email, role };
    this.people.push(person);
    return person;
  }

  /** Connects a provider, and waits until the running server knows the model. */
  async connect(kind: Kind, provider: Provider, model: string, name: string = kind) {
    await this.server.command(
      ['connection', 'add', '--kind', kind, '--name', name, '--base-url', addressOf(kind, provider), '--key-stdin'],
      'sk-fake-1\n',
    );
    this.watchman ??= await this.key(this.olga, 'watchman');
    const headers = { authorization: `Bearer ${this.watchman}` };
    // Models of a connection can be asked for by its name too.
    const address = `${this.url}/v1/models/${encodeURIComponent(name)}/${encodeURIComponent(model)}`;
    await expect.poll(async () => (await fetch(address, { headers })).status).toBe(200);
  }

  /** A gateway key the running server knows, with a budget where one is named. */
  async key(owner: Person, name: string, budgetUsd?: string): Promise<string> {
    const budget = budgetUsd === undefined ? [] : ['--budget-usd', budgetUsd];
    const { key } = await this.server.command(['key', 'create', '--user', owner.email, '--name', name, ...budget]);
    const headers = { authorization: `Bearer ${key}` };
    await expect.poll(async () => (await fetch(`${this.url}/v1/models`, { headers })).status).toBe(200);
    return key;
  }

  /** One call of a gateway key, answered. */
  async ask(key: string, model: string, content = 'What is a purser?') {
    const answer = await fetch(`${this.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content }] }),
    });
    expect(answer.status).toBe(200);
  }

  /** Through the form, to the start page. */
  async signIn(page: Page, person: Person) {
    await page.goto(`${this.url}/signin`);
    await page.locator('input[name=email]').fill(person.email);
    await page.locator('input[name=password]').fill(PASSWORD);
    await page.locator('form button[type=submit]').click();
    await page.waitForURL(`${this.url}/`);
    await hydrated(page);
  }

  async close() {
    await this.server.stop();
  }
}
