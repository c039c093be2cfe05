import { randomBytes } from "node:crypto";
import dns from "node:dns";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { Duplex, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { execa } from "execa";
import { afterEach, describe, expect, test, vi } from "vitest";
import { joined } from "../provider/process-stream.ts";
import { fromHost, relayed, type Vantage } from "./vantage.ts";

/** Bash on this machine, which sees no more of its client's end than the end of its stdin: as in a container. */
const fromHere = relayed("node", "here", {
  stream([program = "", ...args]) {
    const subprocess = execa(program, args, { reject: false, buffer: false });
    running.push(subprocess);
    let stderr = "";
    subprocess.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    return { io: joined(subprocess.stdin, subprocess.stdout), stderr: () => stderr };
  },
});

/** The bash processes that the relay runs in. */
const running: { kill(signal: NodeJS.Signals): boolean }[] = [];

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

/** A server that does this with each of its connections; tells its port. */
async function listen(serve: (socket: Socket) => void, host = "127.0.0.1"): Promise<number> {
  server = createServer((socket) => {
    socket.on("error", () => {});
    serve(socket);
  }).listen(0, host);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function nobodysPort(): Promise<number> {
  const port = await listen(() => {});
  server?.close();
  await once(server as Server, "close");
  return port;
}

describe.each<[string, Vantage]>([
  ["the host", fromHost],
  ["a relay", fromHere],
])("from %s", (_where, vantage) => {
  test("what is sent comes back whole, and a greeting is not lost", async () => {
    const port = await listen((socket) => {
      socket.write("+hello ");
      socket.pipe(socket);
    });
    const sent = randomBytes(200_000);
    const io = await vantage.connect("127.0.0.1", port);
    io.write(sent);
    const received: Buffer[] = [];
    for await (const chunk of io as AsyncIterable<Buffer>) {
      received.push(chunk);
      if (Buffer.concat(received).length === sent.length + 7) break; // which closes the stream
    }
    expect(Buffer.concat(received).equals(Buffer.concat([Buffer.from("+hello "), sent]))).toBe(true);
  });

  test("a server that hangs up ends the stream", { repeats: 9 }, async () => {
    const port = await listen((socket) => socket.end("bye"));
    const io = await vantage.connect("127.0.0.1", port);
    expect((await buffer(io)).toString()).toBe("bye");
  });

  // Several times, since both once hung on which of two processes was the quicker.
  test("a client that closes leaves no connection behind", { repeats: 9 }, async () => {
    const connected = Promise.withResolvers<Socket>();
    const io = await vantage.connect("127.0.0.1", await listen(connected.resolve));
    io.destroy();
    const there = await connected.promise;
    there.resume();
    if (!there.closed) await once(there, "close");
  });

  test("a port on which nobody listens refuses", async () => {
    const dial = vantage.connect("127.0.0.1", await nobodysPort());
    await expect(dial).rejects.toMatchObject({ name: "TcpError", refused: true });
  });

  test("a name that is none proves nothing", async () => {
    const dial = vantage.connect("no.such.name.invalid", 1);
    await expect(dial).rejects.toMatchObject({ name: "TcpError", refused: false });
  });

  test("reaches IPv6", async (context) => {
    const port = await listen((socket) => socket.end("six"), "::1").catch(() => undefined);
    if (port === undefined) return context.skip("no IPv6 here");
    expect((await buffer((await vantage.connect("::1", port)) as Duplex)).toString()).toBe("six");
  });
});

describe("a relay", () => {
  test.each(["127.0.0.1", "::1"])("knows its own end, if asked: %s", async (host) => {
    const connected = Promise.withResolvers<Socket>();
    const port = await listen(connected.resolve, host).catch(() => undefined);
    if (port === undefined) return; // no IPv6 here
    const io = await fromHere.connect(host, port, { ownEnd: true });
    const { remoteAddress, remotePort } = await connected.promise;
    expect([io.localAddress, io.localPort]).toEqual([remoteAddress, remotePort]);
    io.destroy();
    const unasked = await fromHere.connect(host, port);
    expect(unasked.localPort).toBeUndefined();
    unasked.destroy();
  });

  // While its words came in pieces, a busy wait for the rest once kept them from coming.
  test("its words may come one by one", async () => {
    const words = async function* (said: string) {
      for (const word of said.split(/(?<= )/)) {
        await new Promise((later) => setTimeout(later, 5));
        yield Buffer.from(word);
      }
    };
    const speaking = (said: string) =>
      relayed("node", "slow", {
        stream: () => ({ io: Duplex.from({ readable: Readable.from(words(said)) }), stderr: () => "" }),
      }).connect("10.0.0.1", 1);
    await expect(speaking("relay: connect: Connection refused")).rejects.toMatchObject({ refused: true });
    expect((await buffer(await speaking("+ \nhello there"))).toString()).toBe("hello there");
  });

  // A TLS alert is such a word. It was once lost where our next write failed before it had been copied.
  test("a server's last words are heard, though it no longer takes ours", { repeats: 9 }, async () => {
    const port = await listen((socket) => {
      socket.write("last words", () => setImmediate(() => socket.resetAndDestroy()));
    });
    const io = await fromHere.connect("127.0.0.1", port);
    io.on("error", () => {});
    const writing = setInterval(() => io.write("more"), 1);
    const heard = await buffer(io).catch(() => Buffer.alloc(0));
    clearInterval(writing);
    expect(heard.toString()).toBe("last words");
  });
});

test("a name of several addresses that all refuse refuses", async () => {
  const addresses = [
    { address: "127.0.0.1", family: 4 },
    { address: "::1", family: 6 },
  ];
  const lookup = (_name: string, _options: unknown, told: (error: null, found: unknown) => void) =>
    told(null, addresses);
  vi.spyOn(dns, "lookup").mockImplementation(lookup as typeof dns.lookup);
  const dial = fromHost.connect("two.example", await nobodysPort());
  await expect(dial).rejects.toMatchObject({ name: "TcpError", refused: true });
  vi.restoreAllMocks();
});

// It once hung where the end came before the relay was ready for it.
test("a relay that is ended from outside leaves no connection behind", { repeats: 9 }, async () => {
  const connected = Promise.withResolvers<Socket>();
  const io = await fromHere.connect("127.0.0.1", await listen(connected.resolve));
  io.on("error", () => {});
  const there = await connected.promise;
  running.at(-1)?.kill("SIGTERM");
  there.resume();
  await once(there, "close");
});

test("a way to the node that is refused proves nothing about the port", async () => {
  const engineIsGone = "dial unix /var/run/docker.sock: connect: connection refused";
  for (const [stdout, stderr] of [
    ["", engineIsGone],
    [`OCI runtime exec failed: ${engineIsGone}`, ""],
  ] as const) {
    const io = Duplex.from({ readable: Readable.from(stdout ? [Buffer.from(stdout)] : []) });
    const gone = relayed("node", "gone", { stream: () => ({ io, stderr: () => stderr }) });
    await expect(gone.connect("10.0.0.1", 1)).rejects.toMatchObject({ name: "TcpError", refused: false });
  }
});
