// Whether everything on a page can be hit: by a finger, or at all where the window is small.
import { expect, type Page } from '@playwright/test';

/** What answers to being pressed. What stands in a label is pressed by it. */
const TARGETS = [
  'a[href]',
  'button',
  'input:not([type=hidden])',
  'select',
  'textarea',
  'summary',
  '[role=tab]',
  '[role=option]',
  'label:has(input)',
].join(',');

/** Pixels a finger needs in both directions. */
const FINGER = 44;

interface Look {
  targets: string;
  /** Looks only below this. */
  within: string;
  /** How far from its middle a thing still has to answer. */
  reach: number;
  /** Links in running text are as high as their line. */
  skipsText: boolean;
  /** Where a thing is scrolled to before it is pressed: as far as the keyboard does it, or to the middle. */
  block: ScrollLogicalPosition;
}

/**
 * Runs in the page: presses around the middle of everything, by asking the browser what lies there, and names what
 * something else would have answered for.
 */
function missed({ targets, within, reach, skipsText, block }: Look): string[] {
  const name = (element: Element | null) => {
    if (element === null) return 'nothing';
    const words = element.getAttribute('aria-label') ?? element.textContent ?? '';
    const classes = (element.getAttribute('class') ?? '').split(/\s+/).filter(Boolean);
    return `${[element.localName, ...classes].join('.')} "${words.trim().replace(/\s+/g, ' ').slice(0, 40)}"`;
  };
  const isInText = (element: Element) => {
    if (getComputedStyle(element).display !== 'inline') return false;
    let around = element.parentElement;
    while (around && getComputedStyle(around).display === 'inline') around = around.parentElement;
    const own = (element.textContent ?? '').trim().length;
    return (around?.textContent ?? '').trim().length > own;
  };
  const isShown = (element: Element) => {
    // A message's buttons are only faint before one points at it.
    if (!element.checkVisibility({ visibilityProperty: true })) return false;
    const { width, height } = element.getBoundingClientRect();
    return width > 1 && height > 1 && !element.closest('.only-read, .skip');
  };
  const out: string[] = [];
  for (const element of document.querySelectorAll(`${within} :is(${targets})`)) {
    if (!isShown(element) || element.matches(':disabled, [aria-disabled=true], label:has(:disabled)')) continue;
    if (element.matches('input') && element.closest('label')) continue;
    if (skipsText && element.matches('a') && isInText(element)) continue;
    element.scrollIntoView({ block, inline: 'nearest', behavior: 'instant' });
    // Of a link that is broken over lines, the first of them.
    const [box] = element.getClientRects();
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const points = [
      [0, 0],
      [-reach, 0],
      [reach, 0],
      [0, -reach],
      [0, reach],
    ];
    for (const [right, down] of points) {
      const x = Math.min(Math.max(middle.x + right, 1), innerWidth - 2);
      const y = Math.min(Math.max(middle.y + down, 1), innerHeight - 2);
      const hit = document.elementFromPoint(x, y);
      const label = element.id ? document.querySelector(`label[for="${CSS.escape(element.id)}"]`) : null;
      if (hit && (element.contains(hit) || label?.contains(hit))) continue;
      const size = `${Math.round(box.width)}x${Math.round(box.height)} at ${Math.round(box.x)},${Math.round(box.y)}`;
      out.push(`${name(element)} (${size}): ${right},${down} hits ${name(hit)}`);
      break;
    }
  }
  return out;
}

/** Fails with everything that a finger could miss: 44 pixels in both directions, and no neighbour in them. */
export async function expectFingersReach(page: Page, within = 'body') {
  // A pixel less to each side, because half of an odd height is no whole number.
  const look: Look = { targets: TARGETS, within, reach: FINGER / 2 - 1, skipsText: true, block: 'center' };
  // Soft, so that one run names all pages.
  expect.soft(await page.evaluate(missed, look), `too small for a finger on ${page.url()}`).toEqual([]);
}

/** Fails with everything that something else lies over once it is scrolled to, as the keyboard scrolls. */
export async function expectNothingCovered(page: Page, within = 'main') {
  const look: Look = { targets: TARGETS, within, reach: 0, skipsText: false, block: 'nearest' };
  expect.soft(await page.evaluate(missed, look), `covered on ${page.url()}`).toEqual([]);
}
