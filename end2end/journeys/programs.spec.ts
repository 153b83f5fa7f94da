// What programs are told, on the page of keys.
import { expect, expectNoAxeViolations, expectNoSidewaysScroll, hydrated, sharedHouse, test, wordsOf } from '../fixtures';

const here = sharedHouse();

for (const language of ['en', 'ko'] as const) {
  test(`known programs are told address and key in their own form, on a small phone in ${language}`, async ({ page }) => {
    const house = here();
    const words = wordsOf(language);
    await page.setViewportSize({ width: 320, height: 640 });
    await house.signIn(page, house.olga);
    await page.goto(`${house.url}/keys?lang=${language}`);
    await hydrated(page);
    await page.getByRole('tab', { name: words.keys.example_programs }).click();
    const panel = page.getByRole('tabpanel', { name: words.keys.example_programs });
    const program = panel.getByLabel(words.keys.program);
    const settings = panel.locator('pre');
    await expect(settings).toContainText(`export OPENAI_BASE_URL='${house.url}/v1'`);
    const told: [string, string][] = [
      ['aider', `export OPENAI_API_BASE='${house.url}/v1'`],
      ['Continue', `apiBase: "${house.url}/v1"`],
      ['LibreChat', `baseURL: "${house.url}/v1"`],
      ['Open WebUI', `-e OPENAI_API_BASE_URL='${house.url}/v1'`],
      ['Zed', `"api_url": "${house.url}/v1"`],
    ];
    for (const [name, line] of told) {
      await program.selectOption({ label: name });
      await expect(settings).toContainText(line);
    }
    await expectNoSidewaysScroll(page);
    await expectNoAxeViolations(page);
  });
}
