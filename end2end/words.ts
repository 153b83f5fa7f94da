// What the pages say, by language: journeys find things by the words people read.
import { readFileSync } from 'node:fs';

export type Language = 'en' | 'ko';

/** The translation table of a language, by section and name. */
export type Words = Record<string, Record<string, string>>;

export function wordsOf(language: Language): Words {
  const table = new URL(`../crates/locales/text/${language}.json`, import.meta.url);
  return JSON.parse(readFileSync(table, 'utf8')) as Words;
}

/** Finds a text of the table wherever its placeholders are filled in. */
export function filled(template: string): RegExp {
  const literal = template.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(literal.join('.+?'));
}
