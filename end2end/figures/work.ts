// How much work a page makes for the processor, from Chromium's own trace: what other programs of the machine do
// meanwhile does not count, as it does in times by the clock.
import type { Browser, Page } from '@playwright/test';

/** A task of the page's main thread. Everything in milliseconds of the processor. */
export interface Task {
  whole: number;
  /** What it did, the longest first. */
  parts: [name: string, ms: number][];
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  tdur?: number;
  args: { name?: string };
}

/** Parts of a task that say something, as the trace names them. */
const PARTS: Record<string, string> = {
  FunctionCall: 'script',
  RunMicrotasks: 'script',
  EventDispatch: 'script',
  FireAnimationFrame: 'script',
  UpdateLayoutTree: 'style',
  Layout: 'layout',
  PrePaint: 'pre-paint',
  Paint: 'paint',
  Layerize: 'layers',
  Commit: 'commit',
  HitTest: 'hit test',
  MinorGC: 'memory',
  MajorGC: 'memory',
};

/** Every task of the page's main thread while `during` runs, the longest first. */
export async function tasksDuring(browser: Browser, page: Page, during: () => Promise<void>): Promise<Task[]> {
  await browser.startTracing(page, { categories: ['devtools.timeline', 'toplevel'] });
  await during();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const thread = (event: TraceEvent) => `${event.pid}.${event.tid}`;
  const mains = new Set(
    traceEvents
      .filter(({ ph, name, args }) => ph === 'M' && name === 'thread_name' && args.name === 'CrRendererMain')
      .map(thread),
  );
  const whole = (event: TraceEvent) => event.ph === 'X' && event.tdur !== undefined && mains.has(thread(event));
  const byThread = new Map<string, TraceEvent[]>();
  for (const event of traceEvents.filter(whole)) {
    const known = byThread.get(thread(event));
    if (known) known.push(event);
    else byThread.set(thread(event), [event]);
  }
  // Of several pages the one that was busy is the one that is looked at.
  const work = (events: TraceEvent[]) => events.reduce((sum, { name, tdur }) => sum + (name === 'Layout' ? tdur! : 0), 0);
  const busiest = [...byThread.values()].sort((a, b) => work(b) - work(a))[0] ?? [];
  const events = busiest.toSorted((a, b) => a.ts - b.ts || b.dur! - a.dur!);
  const tasks: Task[] = [];
  let end = 0;
  let parts = new Map<string, number>();
  // What lies inside something of the same kind is counted with it.
  let open: { part: string; until: number }[] = [];
  for (const event of events) {
    const until = event.ts + event.dur!;
    if (event.ts >= end) {
      if (!event.name.endsWith('RunTask')) continue;
      end = until;
      parts = new Map();
      open = [];
      tasks.push({ whole: event.tdur! / 1_000, parts: [] });
    }
    const part = PARTS[event.name];
    if (part === undefined) continue;
    open = open.filter((outer) => outer.until > event.ts);
    const ms = event.tdur! / 1_000;
    // Style and layout that a script asks for are theirs, not the script's.
    const outer = open.at(-1);
    if (outer?.part === part) continue;
    if (outer) parts.set(outer.part, (parts.get(outer.part) ?? 0) - ms);
    parts.set(part, (parts.get(part) ?? 0) + ms);
    open.push({ part, until });
    tasks.at(-1)!.parts = [...parts].sort((a, b) => b[1] - a[1]);
  }
  return tasks.sort((a, b) => b.whole - a.whole);
}
