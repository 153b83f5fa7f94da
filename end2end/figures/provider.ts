// What the measured provider says: at once, or slowly with everything Markdown can do.
import { Provider } from '../provider';

/** The model that answers at once, and the one that takes its time. Both have room for two thousand messages. */
export const BRISK = 'gpt-4.1-mini';
export const STEADY = 'gpt-4.1';

/** About three tokens at a time and a hundred and fifty a second, as a fast model writes. */
const PACE = { letters: 12, ms: 20 };

const TOKENS = { input: 12, output: 7 };

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

/** The provider with both. */
export async function startProvider(): Promise<Provider> {
  return await Provider.start([BRISK, STEADY], (model, question) =>
    model === STEADY
      ? { text: LONG, tokens: TOKENS, pace: PACE }
      : { text: SHORT(question), tokens: TOKENS },
  );
}
