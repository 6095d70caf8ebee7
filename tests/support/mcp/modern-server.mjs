// SPDX-License-Identifier: GPL-3.0-or-later
// An MCP server of 2026-07-28 made with the protocol's own SDK: on standard input and output, or with a port over HTTP.
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const modules = `${process.argv[2]}/node_modules`;
const load = (file) => import(pathToFileURL(`${modules}/${file}`));
const { McpServer, createMcpHandler } = await load('@modelcontextprotocol/server/dist/index.mjs');
const { serveStdio } = await load('@modelcontextprotocol/server/dist/stdio.mjs');
const z = await load('zod/index.js');
const port = process.argv[3];

let cancelled = 0;

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function slow({ steps }, context) {
  const { _meta: meta, signal, notify } = context.mcpReq;
  const token = meta?.progressToken;
  let running = true;
  signal.addEventListener('abort', () => { cancelled += running ? 1 : 0; });
  for (let step = 1; step <= steps; step++) {
    await sleep(150);
    signal.throwIfAborted();
    if (token !== undefined)
      await notify({ method: 'notifications/progress', params: { progressToken: token, progress: step, total: steps } });
  }
  running = false;
  return { content: [{ type: 'text', text: 'done' }] };
}

function makeServer() {
  const server = new McpServer({ name: 'modern', version: '2.0.0' }, { capabilities: { tools: { listChanged: true } } });
  server.registerTool('echo', { description: 'Says it again.', inputSchema: z.object({ message: z.string() }) },
    async ({ message }) => ({ content: [{ type: 'text', text: message }] }));
  server.registerTool('add', {
    inputSchema: z.object({ a: z.number(), b: z.number() }), outputSchema: z.object({ sum: z.number() }),
  }, async ({ a, b }) => ({ content: [{ type: 'text', text: String(a + b) }], structuredContent: { sum: a + b } }));
  server.registerTool('routed', { inputSchema: z.object({ region: z.string().meta({ 'x-mcp-header': 'Region' }) }) },
    async ({ region }) => ({ content: [{ type: 'text', text: region }] }));
  server.registerTool('slow', { inputSchema: z.object({ steps: z.number() }) }, slow);
  server.registerTool('cancelled', { inputSchema: z.object({}) },
    async () => ({ content: [{ type: 'text', text: String(cancelled) }] }));
  return server;
}

if (port === undefined) {
  serveStdio(makeServer);
} else {
  const handler = createMcpHandler(makeServer);
  const respond = async (request, response) => {
    const abort = new AbortController();
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    response.on('close', () => { if (!response.writableFinished) abort.abort(); });
    const answer = await handler.fetch(new Request(`http://127.0.0.1:${port}${request.url}`, {
      method: request.method, headers: request.headers, signal: abort.signal,
      body: pieces.length > 0 ? Buffer.concat(pieces) : undefined,
    }));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (answer.body !== null)
      for await (const piece of answer.body) response.write(piece);
    response.end();
  };
  const server = createServer((request, response) => respond(request, response).catch(() => response.destroy()));
  server.listen(Number(port), '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
}
