// A way to the product on which a file comes no faster than the test lets it: what a slow network does.
// The server feels it as it would there, because nobody takes what it sends.
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { PORT } from "./world.ts";

const EXPORT = /\/pledges\.(csv|ndjson|xlsx)/;

export class Slow {
  /** So many bytes of each file may pass. */
  private allowed = Infinity;
  private readonly waiting = new Set<() => void>();

  private constructor(
    private readonly server: Server,
    /** The product by the name of this way. */
    readonly desk: string,
  ) {}

  static async open(): Promise<Slow> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const slow = new Slow(server, `http://localhost:${(server.address() as AddressInfo).port}`);
    server.on("request", (asked, answer) => slow.pass(asked, answer));
    return slow;
  }

  /** Lets so many bytes of each file pass, from its beginning on. */
  let(bytes: number): void {
    this.allowed = bytes;
    for (const wake of this.waiting) wake();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  private pass(asked: IncomingMessage, answer: ServerResponse): void {
    const { method, url, headers } = asked;
    const isFile = EXPORT.test(url ?? "");
    // So that bytes are those of the file.
    if (isFile) delete headers["accept-encoding"];
    const onward = request({ host: "127.0.0.1", port: PORT, method, path: url, headers }, (answered) => {
      answer.writeHead(answered.statusCode ?? 502, answered.headers);
      if (isFile) void this.trickle(answered, answer);
      else answered.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    // Whoever leaves is gone for the product as well.
    answer.on("close", () => onward.destroy());
    asked.pipe(onward);
  }

  private async trickle(from: IncomingMessage, to: ServerResponse): Promise<void> {
    let passed = 0;
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        let rest = chunk;
        while (rest.length > 0) {
          const part = rest.subarray(0, Math.max(0, this.allowed - passed));
          if (part.length === 0) await this.woken(to);
          if (to.destroyed) return;
          to.write(part);
          passed += part.length;
          rest = rest.subarray(part.length);
        }
      }
      to.end();
    } catch {
      to.destroy();
    }
  }

  /** Until more may pass, or nobody waits for it. */
  private woken(to: ServerResponse): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.waiting.delete(wake);
        resolve();
      };
      this.waiting.add(wake);
      to.once("close", wake);
    });
  }
}
