// Starts and ends the programs under test: the panel's server and the fake providers.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = resolve(root, process.env.CARGO_TARGET_DIR || 'target');

/** Where the built server and the browser's files lie. */
export function places(): { binary: string; site: string } {
  return {
    binary: resolve(root, process.env.PURSER_BIN || join(target, 'debug', 'purser')),
    site: resolve(root, process.env.LEPTOS_SITE_ROOT || 'target/site'),
  };
}

/** Where reports for people go: beside what was built, never into the tree. */
export function reportsFolder(name: string): string {
  return join(target, name);
}

/** Limit for a cold start on a busy machine; a warm one takes well under a second. */
const START_MS = 30_000;
/** The server promises to drain within this after SIGTERM. */
const STOP_MS = 30_000;
/** Lines of output shown when something goes wrong. */
const TAIL_LINES = 60;

/** A port of the loopback address that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done, failed) => {
    probe.once('error', failed);
    probe.listen(0, '127.0.0.1', done);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** A child process whose output is kept, so that a failure can show it. */
class Program {
  readonly lines: string[] = [];
  private child?: ChildProcess;
  private ended: Promise<void> = Promise.resolve();

  constructor(
    private readonly name: string,
    private readonly file: string,
    private readonly args: string[],
    private readonly env: Record<string, string>,
  ) {}

  get pid(): number {
    if (this.child?.pid === undefined) throw new Error(`${this.name} does not run`);
    return this.child.pid;
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** The status it ended with by itself; null while it runs or after a deadly signal. */
  get exitCode(): number | null {
    return this.child?.exitCode ?? null;
  }

  /** Starts the program and waits until `isUp` says yes. */
  async start(isUp: () => Promise<boolean>) {
    if (!existsSync(this.file)) {
      throw new Error(`${this.file} is missing. Build it first: make journeys`);
    }
    const child = spawn(this.file, this.args, { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    this.keep(child.stdout);
    this.keep(child.stderr);
    this.ended = new Promise((done) => {
      child.once('exit', () => done());
      child.once('error', (error) => {
        this.lines.push(String(error));
        done();
      });
    });
    // Should the test runner itself be stopped half-way.
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    void this.ended.then(() => process.removeListener('exit', kill));

    const deadline = Date.now() + START_MS;
    while (!(await isUp())) {
      if (!this.running) throw new Error(`${this.name} ended while starting:\n${this.tail()}`);
      if (Date.now() > deadline) throw new Error(`${this.name} was not up after ${START_MS} ms:\n${this.tail()}`);
      await pause(25);
    }
  }

  /** Sends the signal to this process alone and waits for its end. */
  async end(signal: NodeJS.Signals) {
    if (!this.running) return;
    this.child?.kill(signal);
    const inTime = await Promise.race([this.ended.then(() => true), pause(STOP_MS).then(() => false)]);
    if (!inTime) {
      this.child?.kill('SIGKILL');
      await this.ended;
      throw new Error(`${this.name} did not end within ${STOP_MS} ms of ${signal}:\n${this.tail()}`);
    }
  }

  tail(): string {
    return this.lines.slice(-TAIL_LINES).join('\n');
  }

  private keep(stream: NodeJS.ReadableStream | null) {
    let rest = '';
    stream?.setEncoding('utf8');
    stream?.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      this.lines.push(...lines);
    });
    stream?.on('end', () => {
      if (rest) this.lines.push(rest);
    });
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false;
  }
}

async function accepts(port: number): Promise<boolean> {
  return await new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

/** What the programs get of our own environment: no setting of the person who runs the tests leaks in. */
function cleanEnvironment(): Record<string, string> {
  const env: Record<string, string> = { RUST_BACKTRACE: '1', TZ: 'UTC' };
  for (const name of ['PATH', 'HOME', 'LANG', 'TMPDIR']) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/** A running panel with a data folder of its own. */
export class Server {
  private constructor(
    readonly url: string,
    readonly dataDir: string,
    private readonly program: Program,
  ) {}

  /**
   * Starts the built binary on an empty data folder; `env` comes on top of the clean environment, and may name another
   * binary.
   */
  static async start(env: Record<string, string> = {}): Promise<Server> {
    const port = await freePort();
    const dataDir = mkdtempSync(join(tmpdir(), 'purser-journey-'));
    const program = new Program(
      'the server',
      env.PURSER_BIN ?? places().binary,
      ['serve'],
      {
        ...cleanEnvironment(),
        // As cargo-leptos sets them; the hashed file names lie in hash.txt beside the binary.
        LEPTOS_OUTPUT_NAME: 'purser',
        LEPTOS_SITE_ROOT: places().site,
        LEPTOS_SITE_PKG_DIR: 'pkg',
        LEPTOS_HASH_FILES: 'true',
        PURSER_DATA_DIR: dataDir,
        PURSER_LISTEN: `127.0.0.1:${port}`,
        ...env,
      },
    );
    const server = new Server(`http://127.0.0.1:${port}`, dataDir, program);
    try {
      await server.up();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  get pid(): number {
    return this.program.pid;
  }

  get running(): boolean {
    return this.program.running;
  }

  /** The status of the last process that ended by itself. */
  get exitCode(): number | null {
    return this.program.exitCode;
  }

  /** Everything printed so far, over all restarts. */
  get lines(): readonly string[] {
    return this.program.lines;
  }

  /** The one-time link of an empty house, which the server prints once on its console. */
  async setupLink(): Promise<string> {
    const deadline = Date.now() + START_MS;
    for (;;) {
      for (const line of this.lines) {
        const link = /https?:\/\/\S*\/setup#[^\s"'\u001b]+/.exec(line);
        // The public URL may name another host; the token is what counts.
        if (link) return this.url + link[0].slice(link[0].indexOf('/setup#'));
      }
      if (Date.now() > deadline) throw new Error(`no set-up link was printed:\n${this.program.tail()}`);
      await pause(25);
    }
  }

  /** By default without warning, as a power cut would. */
  async kill(signal: NodeJS.Signals = 'SIGKILL') {
    await this.program.end(signal);
  }

  /** `kill -9`, or another signal, then a new process on the same port and data folder. */
  async restart(signal: NodeJS.Signals = 'SIGKILL') {
    await this.kill(signal);
    await this.up();
  }

  /** Starts again after {@link kill}. */
  async up() {
    await this.program.start(() => answers(`${this.url}/ready`));
  }

  /** Runs a command beside the server, as an administrator would; returns what it prints as JSON. */
  async command(args: string[], input = ''): Promise<any> {
    const running = promisify(execFile)(places().binary, ['--json', ...args], {
      env: { ...cleanEnvironment(), PURSER_DATA_DIR: this.dataDir },
    });
    running.child.stdin?.end(input);
    return JSON.parse((await running).stdout);
  }

  /** Asks the process to drain and end, then removes its data. */
  async stop() {
    try {
      await this.program.end('SIGTERM');
    } finally {
      rmSync(this.dataDir, { recursive: true, force: true });
    }
  }
}

/** The fake providers: every dialect we speak, with faults on request. */
export class Fakes {
  private constructor(
    readonly url: string,
    private readonly program: Program,
  ) {}

  /** `pace` slows them down, such as `--chunk-delay-ms 300`. */
  static async start(pace: string[] = []): Promise<Fakes> {
    const port = await freePort();
    const program = new Program(
      'fakes',
      resolve(root, process.env.PURSER_FAKES || join(target, 'debug', 'fakes')),
      ['--listen', `127.0.0.1:${port}`, ...pace],
      cleanEnvironment(),
    );
    try {
      await program.start(() => accepts(port));
    } catch (error) {
      await program.end('SIGKILL');
      throw error;
    }
    return new Fakes(`http://127.0.0.1:${port}`, program);
  }

  get lines(): readonly string[] {
    return this.program.lines;
  }

  async stop() {
    await this.program.end('SIGTERM');
  }
}
