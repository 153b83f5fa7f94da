// The chat page as its reader finds things on it: by role and name, in either language.
import { expect, type Locator, type Page } from '@playwright/test';
import { filled, wordsOf, type Language, type Words } from './words';

export class Chat {
  private readonly words: Words;

  constructor(
    readonly page: Page,
    language: Language = 'en',
  ) {
    this.words = wordsOf(language);
  }

  /** The area that scrolls. */
  get thread(): Locator {
    return this.page.getByRole('region', { name: this.words.chat.messages_label });
  }

  get messages(): Locator {
    return this.thread.getByRole('article');
  }

  get replies(): Locator {
    return this.messages.filter({ has: this.mark });
  }

  get questions(): Locator {
    return this.messages.filter({ hasNot: this.mark });
  }

  /** The reply at the end. */
  get reply(): Locator {
    return this.replies.last();
  }

  /** What a reply says, without its figures and buttons. */
  text(reply = this.reply): Locator {
    return reply.locator('.reply');
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: this.words.chat.message_label, exact: true });
  }

  get stop(): Locator {
    return this.page.getByRole('button', { name: this.words.chat.stop, exact: true });
  }

  get send(): Locator {
    return this.page.getByRole('button', { name: this.words.chat.send, exact: true });
  }

  get title(): Locator {
    return this.page.getByRole('heading', { level: 1 });
  }

  get history(): Locator {
    return this.page.getByRole('navigation', { name: this.words.history.label });
  }

  /** The line of tokens under a reply; it is there once the reply is settled. */
  figures(reply = this.reply): Locator {
    return reply.getByText(filled(this.words.chat.tokens_line));
  }

  /** Chooses a model by a part of its name. */
  async pick(name: string | RegExp) {
    await this.page.getByRole('button', { name: new RegExp(`^${this.words.picker.label}`) }).click();
    await this.page.getByRole('option', { name }).click();
  }

  async say(text: string) {
    await this.composer.fill(text);
    // Where there is no keyboard, Enter begins a line.
    const glass = await this.page.evaluate(() => matchMedia('(hover: none)').matches);
    await (glass ? this.send.click() : this.composer.press('Enter'));
  }

  /** Waits until something was said and more is to come. */
  async streams(reply = this.reply) {
    await expect(this.text(reply)).toContainText(/\S+ \S+/);
    await expect(reply).toHaveAttribute('aria-busy', 'true');
    // What is written can be read while it is.
    expect(await this.text(reply).evaluate((text) => getComputedStyle(text).color)).not.toMatch(/transparent|[,/] 0\)$/);
  }

  /** Waits until a reply is whole and settled. */
  async finished(reply = this.reply) {
    await expect(this.figures(reply)).toBeVisible({ timeout: 20_000 });
    await expect(reply).not.toHaveAttribute('aria-busy');
  }

  /** A model's messages have a heading for people who do not see who speaks. */
  private get mark(): Locator {
    return this.page.getByRole('heading', { name: this.words.chat.assistant, exact: true });
  }
}
