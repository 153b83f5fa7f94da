// Ends the run with one plain line that people and scripts can read.
import type { Reporter, Suite } from '@playwright/test/reporter';

export default class ClosingLine implements Reporter {
  private suite?: Suite;

  onBegin(_config: unknown, suite: Suite) {
    this.suite = suite;
  }

  onEnd() {
    const outcomes = (this.suite?.allTests() ?? []).map((test) => test.outcome());
    const count = (...wanted: string[]) => outcomes.filter((outcome) => wanted.includes(outcome)).length;
    const skipped = count('skipped');
    const rest = skipped > 0 ? `, ${skipped} skipped` : '';
    console.log(`Browser journeys: ${count('expected')} passed, ${count('unexpected', 'flaky')} failed${rest}`);
  }

  printsToStdio() {
    return false;
  }
}
