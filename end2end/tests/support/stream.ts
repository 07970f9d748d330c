// A stream in the test's own hands. The browser asks the product for it and gets this one.
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { BrowserContext, Page } from "@playwright/test";
import type { Totals } from "./campaign.ts";

export interface Frame extends Partial<Totals> {
  partial?: boolean;
  reason?: string;
  open?: boolean;
}

export class Stream {
  /** How often it was asked for. */
  asked = 0;
  private readonly open = new Set<ServerResponse>();
  private status = 200;
  private last: string | undefined;

  private constructor(
    private readonly server: Server,
    readonly slug: string,
  ) {}

  /** Takes the place of the campaign's stream on this page or in this context. */
  static async instead(of: Page | BrowserContext, slug: string): Promise<Stream> {
    const server = createServer();
    const stream = new Stream(server, slug);
    server.on("request", (_, response) => stream.answer(response));
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    await of.route(`**/api/v1/campaigns/${slug}/stream`, (route) =>
      route.continue({ url: `http://127.0.0.1:${port}/` }),
    );
    return stream;
  }

  private answer(response: ServerResponse) {
    this.asked += 1;
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("cache-control", "no-store");
    if (this.status !== 200) {
      response.setHeader("content-type", "application/problem+json");
      response.setHeader("retry-after", "1");
      response.writeHead(this.status).end('{"code":"too_many_streams","status":429}');
      return;
    }
    response.setHeader("content-type", "text/event-stream");
    response.writeHead(200);
    response.write("retry: 200\n\n");
    if (this.last) response.write(this.last);
    this.open.add(response);
    response.on("close", () => this.open.delete(response));
  }

  /** Streams that are open now. */
  get viewers(): number {
    return this.open.size;
  }

  /** Sends a frame to everybody, and to whoever comes later. */
  send(frame: Frame) {
    const totals = { campaign: this.slug, as_of: new Date().toISOString(), ...frame };
    const text = `event: totals\nid: ${frame.epoch}:${frame.seq}\ndata: ${JSON.stringify(totals)}\n\n`;
    this.last = text;
    for (const response of this.open) response.write(text);
  }

  /** Hangs up, and from now on refuses with this status. */
  refuse(status: number) {
    this.status = status;
    this.hangUp();
  }

  /** From now on as before. */
  recover() {
    this.status = 200;
  }

  hangUp() {
    for (const response of this.open) response.destroy();
    this.open.clear();
  }

  async stop() {
    this.hangUp();
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}
