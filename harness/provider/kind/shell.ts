import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { execa } from "execa";
import { type Engine, requireEngine } from "../../engine/engine.ts";
import type { CommandResult } from "../../node/node.ts";

/** So many shells of a container stay open between commands: enough for what claims ask side by side. */
const SPARE = 3;
const spare = new Map<string, Shell[]>();

/** Runs a command in a container to its end, with an empty stdin, in a shell that stays for the next one. */
export async function runInShell(
  container: string,
  argv: readonly string[],
  timeoutMs: number,
): Promise<CommandResult> {
  const engine = await requireEngine();
  const waiting = (spare.get(container) ?? []).filter(({ ended }) => !ended); // the container was restarted
  const shell = waiting.pop() ?? new Shell(engine, container);
  spare.set(container, waiting);
  const result = await shell.run(argv, timeoutMs);
  const others = spare.get(container) ?? [];
  if (others.length < SPARE && !shell.ended) others.push(shell);
  else shell.end();
  return result;
}

/**
 * A bash in a container that runs one command after the other. To start a process in a container costs the engine, its
 * shim and runc some 50 ms of processor time, and a run asks its nodes for more than a hundred files and tables.
 */
class Shell {
  ended = false;
  readonly #stop: () => void;
  readonly #stdin: Socket;
  readonly #out: MarkedOutput;
  readonly #error: MarkedOutput;
  /** What follows the output of each command. */
  readonly #mark = randomUUID();

  constructor({ command }: Engine, container: string) {
    const bash = execa(command, ["exec", "-i", container, "bash"], { buffer: false, reject: false });
    bash.nodeChildProcess.unref();
    bash.nodeChildProcess.once("close", () => {
      this.ended = true;
    });
    bash.stdin.on("error", () => {}); // it ended: what is awaited of its output says so
    this.#stop = () => void bash.kill();
    this.#stdin = bash.stdin as unknown as Socket;
    this.#out = new MarkedOutput(bash.stdout, this.#mark);
    this.#error = new MarkedOutput(bash.stderr, this.#mark);
    this.#holdsProcess(false);
  }

  /** As NodeTransport.exec; what the shell did not live to tell has the exit code of a killed process. */
  async run(argv: readonly string[], timeoutMs: number): Promise<CommandResult> {
    let exitCode = 137;
    const timer = setTimeout(() => {
      exitCode = 124;
      this.end();
    }, timeoutMs);
    this.#holdsProcess(true);
    try {
      // `env`: a program and never bash's own command of its name, as the engine would run it.
      this.#stdin.write(`env -- ${argv.map(quoted).join(" ")} </dev/null\n`);
      this.#stdin.write(`printf '%s%d\\n' ${this.#mark} $?; printf '%s0\\n' ${this.#mark} >&2\n`);
      const [out, error] = await Promise.all([this.#out.next(), this.#error.next()]);
      if (out.code === undefined) this.end();
      else exitCode = out.code;
      return { exitCode, stdout: out.text, stderr: error.text };
    } finally {
      clearTimeout(timer);
      this.#holdsProcess(false);
    }
  }

  end(): void {
    this.ended = true;
    this.#stop();
  }

  /** A shell that waits for its next command does not keep our process from ending. */
  #holdsProcess(holds: boolean): void {
    for (const pipe of [this.#stdin, this.#out.stream, this.#error.stream] as Socket[]) {
      if (holds) pipe.ref();
      else pipe.unref();
    }
  }
}

/** The output of a shell, cut into that of each command by a mark that follows it. */
class MarkedOutput {
  readonly stream: Readable;
  readonly #mark: RegExp;
  #text = "";
  #ended = false;
  #told = () => {};

  constructor(stream: Readable, mark: string) {
    this.stream = stream.setEncoding("utf8");
    this.#mark = new RegExp(`${mark}(\\d+)\\n`);
    stream.on("data", (chunk: string) => {
      this.#text += chunk;
      this.#told();
    });
    const ended = () => {
      this.#ended = true;
      this.#told();
    };
    stream.once("close", ended);
    stream.once("error", ended);
  }

  /** What one command said, and the number after the mark: undefined where the stream ended before it. */
  async next(): Promise<{ text: string; code: number | undefined }> {
    for (;;) {
      const mark = this.#mark.exec(this.#text);
      if (mark ?? this.#ended) {
        const text = this.#text.slice(0, mark?.index);
        this.#text = mark ? this.#text.slice(mark.index + mark[0].length) : "";
        return { text, code: mark ? Number(mark[1]) : undefined };
      }
      await new Promise<void>((resolve) => {
        this.#told = resolve;
      });
    }
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
