// A program of the organizers' that takes webhooks, and checks who signed them.
import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Message {
  id: string;
  at: string;
  signature: string;
  body: string;
  /** The address that it came to. */
  path: string;
}

export class Receiver {
  readonly messages: Message[] = [];
  /** What it answers. */
  status = 204;

  private constructor(private readonly server: Server) {}

  static async listen(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on("request", async (request, response) => {
      const header = (name: string) => String(request.headers[name]);
      const [id, at, signature] = ["id", "timestamp", "signature"].map((name) => header(`webhook-${name}`));
      const body = await text(request);
      receiver.messages.push({ id: id!, at: at!, signature: signature!, body, path: request.url! });
      response.writeHead(receiver.status).end();
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    return receiver;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  /** The types of what has come to a path. */
  types(path: string): string[] {
    const here = this.messages.filter((message) => message.path === path);
    return here.map((message) => (JSON.parse(message.body) as { type: string }).type);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}

/** Whether one of a message's signatures is by this secret: https://www.standardwebhooks.com. */
export function isSignedBy(message: Message, secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const text = `${message.id}.${message.at}.${message.body}`;
  const signature = `v1,${createHmac("sha256", key).update(text).digest("base64")}`;
  return message.signature.split(" ").includes(signature);
}
