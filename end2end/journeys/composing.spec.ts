// Writing with an input method, as Korean, Japanese and Chinese are written.
import type { CDPSession, Page } from '@playwright/test';
import { Chat, expect, sharedHouse, test } from '../fixtures';

const here = sharedHouse((house, { slowFakes }) => house.connect('openai', slowFakes, 'gpt-4o-mini'));

/** An input method at work in the focused field. */
class InputMethod {
  private constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
  ) {}

  static async of(page: Page): Promise<InputMethod> {
    await page.evaluate(() => {
      const heard: string[] = [];
      (window as any).heard = heard;
      addEventListener('keydown', (event) => heard.push(`${event.key} ${event.keyCode} ${event.isComposing}`), true);
    });
    return new InputMethod(page, await page.context().newCDPSession(page));
  }

  /** Shows a syllable that is not final yet, growing as the keys are struck. */
  async compose(...steps: string[]) {
    for (const text of steps) {
      await this.session.send('Input.imeSetComposition', {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      });
    }
  }

  /** Enter ends the composition: the key first goes to the input method, then the text is final. */
  async commit(text: string) {
    await this.enter();
    await this.session.send('Input.insertText', { text });
  }

  /** The Enter that belongs to the input method. */
  async enter() {
    const key = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 };
    await this.session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key });
    await this.session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
  }

  /** Key, code and whether it was composing, of the keys the page has seen. */
  async heard(): Promise<string[]> {
    return await this.page.evaluate(() => (window as any).heard);
  }
}

test('Enter that ends a syllable sends nothing, Shift and Enter begin a line, Enter sends', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  await chat.pick(/^Demo(?! \()/);
  await chat.composer.focus();
  const method = await InputMethod.of(page);

  await method.compose('ㅎ', '하', '한');
  await expect(chat.composer).toHaveValue('한');
  await method.commit('한');
  expect(await method.heard()).toEqual(['Enter 229 true']);
  await method.compose('ㄱ', '그', '글');
  await method.commit('글');
  // Where the composition ends before the key arrives, only the key's code tells whose it was.
  await method.enter();
  await expect(chat.composer).toHaveValue('한글');

  await chat.composer.press('Shift+Enter');
  await page.keyboard.insertText('둘째 줄');
  await expect(chat.composer).toHaveValue('한글\n둘째 줄');
  await chat.composer.press('Enter');
  await chat.finished();
  await expect(chat.questions).toHaveCount(1);
  await expect(chat.text(chat.questions)).toHaveText('한글\n둘째 줄', { useInnerText: true });
  await expect(chat.text()).toContainText('데모 모델');
  await expect(chat.composer).toHaveValue('');
});

test('a reply that arrives meanwhile does not disturb the syllable', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  await chat.pick(/gpt-4o-mini/);
  await chat.say('길게 말해 줘');
  await chat.streams();
  await expect(page).toHaveURL(/\/chats\//);
  await chat.composer.focus();
  const method = await InputMethod.of(page);
  await method.compose('ㅎ', '하', '한');
  const said = (await chat.text().innerText()).length;
  await expect.poll(async () => (await chat.text().innerText()).length).toBeGreaterThan(said);
  await method.commit('한');
  await method.compose('ㄱ', '그', '글');
  await chat.stop.evaluate((button: HTMLElement) => button.click()); // A mouse would end the composition.
  await chat.finished();
  await method.commit('글');
  await expect(chat.composer).toHaveValue('한글');
  await expect(chat.questions).toHaveCount(1);
});

test('Enter that ends a syllable does not resend an edited question', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  await chat.pick(/^Demo(?! \()/);
  await chat.say('질문');
  await chat.finished();
  await chat.questions.first().hover();
  await chat.questions.first().getByRole('button', { name: 'Edit' }).click();
  const field = page.getByRole('textbox', { name: 'Edit message' });
  await expect(field).toHaveValue('질문');
  await expect(field).toBeFocused();
  await field.press('End');
  const method = await InputMethod.of(page);
  await method.compose('ㄷ', '두', '둘');
  await method.commit('둘');
  await expect(field).toHaveValue('질문둘');
  await field.press('Enter');
  await expect(chat.questions).toContainText('질문둘');
  await chat.finished();
  await expect(chat.questions.getByText('2 of 2')).toBeVisible();
});
