// What the provider of the pictures says: answers that show what a reply can hold, at prices one could really pay.
import { Provider, type Saying } from '../provider';

/** The model most is asked of, and others that are used beside it. */
export const MAIN = 'gpt-4.1';
export const OTHERS = ['gpt-4.1-mini', 'gpt-4o-mini'];

interface Exchange {
  question: string;
  title: string;
  answer: string;
  tokens: Saying['tokens'];
}

/** The chats of the pictures, the last one shown. */
export const EXCHANGES: readonly Exchange[] = [
  {
    question: 'Plan a week of lunches for four, mostly vegetables, with a shopping list.',
    title: 'A week of lunches',
    answer: 'Five lunches that share what they need.\n\n1. **Monday:** lentils with carrots\n2. **Tuesday:** pasta with peas\n',
    tokens: { input: 312, output: 640 },
  },
  {
    question: 'Which of our three suppliers is cheapest once shipping is in?',
    title: 'Suppliers compared',
    answer: 'The second one, by a little more than two percent.\n',
    tokens: { input: 48_120, output: 1_204 },
  },
  {
    question: 'How do I round half a cent without losing money, and what does it look like in Rust?',
    title: 'Rounding without losing money',
    answer: `Keep amounts as **whole numbers of the smallest unit**, and round once, at the end. *Half to even* pulls neither way:
over many sums the halves cancel out.

\`\`\`rust
/// Rounds thousandths of a cent to cents, half to even.
pub fn to_cents(thousandths: i64) -> i64 {
    let (cents, rest) = (thousandths.div_euclid(1_000), thousandths.rem_euclid(1_000));
    match rest.cmp(&500) {
        Ordering::Less => cents,
        Ordering::Greater => cents + 1,
        Ordering::Equal => cents + cents % 2,
    }
}
\`\`\`

| exact | half up | half to even |
| ---: | ---: | ---: |
| 12.5 | 13 | **12** |
| 13.5 | 14 | **14** |
| 14.5 | 15 | **14** |
| sum 40.5 | 42 | **40** |
`,
    tokens: { input: 1_842, output: 388 },
  },
];

function say(_model: string, question: string): Saying {
  const known = EXCHANGES.find((exchange) => question.includes(exchange.question));
  if (!known) return { text: 'As you wish.\n', tokens: { input: 24_300, output: 2_110 } };
  // Whoever asks for a title brings the whole conversation.
  if (question !== known.question) return { text: known.title, tokens: { input: 420, output: 6 } };
  return { text: known.answer, tokens: known.tokens };
}

/** The provider of the pictures. */
export async function startProvider(): Promise<Provider> {
  return await Provider.start([MAIN, ...OTHERS], say);
}
