// Server-sent events with nothing but Node's own HTTP server: POST to /publish goes to everyone on /stream.

import { createServer } from "node:http";

const viewers = new Set();
let last = "";
let count = 0;

const server = createServer((request, response) => {
  if (request.url === "/readyz") {
    response.end("ready");
  } else if (request.url === "/publish") {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      // Made once, written to all.
      last = Buffer.from(`event: totals\nid: 1790000000000:${++count}\ndata: ${body}\n\n`);
      for (const viewer of viewers) viewer.write(last);
      response.writeHead(201).end();
    });
  } else {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.flushHeaders();
    if (last) response.write(last);
    viewers.add(response);
    response.on("close", () => viewers.delete(response));
  }
});

server.keepAliveTimeout = 600_000;
server.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 });
