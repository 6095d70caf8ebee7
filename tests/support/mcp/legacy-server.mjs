// SPDX-License-Identifier: GPL-3.0-or-later
// An MCP server of before 2026-07-28 over HTTP made with the protocol's own SDK, which can take up streams again.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const modules = `${process.argv[2]}/node_modules`;
const sdk = (file) => import(pathToFileURL(`${modules}/@modelcontextprotocol/sdk/dist/esm/${file}`));
const { McpServer } = await sdk('server/mcp.js');
const { StreamableHTTPServerTransport } = await sdk('server/streamableHttp.js');
const { InMemoryEventStore } = await sdk('examples/shared/inMemoryEventStore.js');
const { z } = await import(pathToFileURL(`${modules}/zod/index.js`));
const port = process.argv[3];

const sessions = new Map();
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const text = (value) => ({ content: [{ type: 'text', text: value }] });

// Lets go of the connection in the middle of its work and goes on.
async function drop(_, extra) {
  const token = extra._meta?.progressToken;
  const tell = (progress) => token !== undefined &&
    extra.sendNotification({ method: 'notifications/progress', params: { progressToken: token, progress, total: 2 } });
  await tell(1);
  extra.closeSSEStream();
  await sleep(300);
  await tell(2);
  return text('done');
}

function makeServer() {
  const server = new McpServer({ name: 'legacy', version: '1.0.0' });
  server.registerTool('echo', { inputSchema: { message: z.string() } }, async ({ message }) => text(message));
  server.registerTool('sessions', { inputSchema: {} }, async () => text(String(sessions.size)));
  server.registerTool('drop', { inputSchema: {} }, drop);
  return server;
}

async function begin() {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID, eventStore: new InMemoryEventStore(), retryInterval: 50,
    onsessioninitialized: (id) => sessions.set(id, transport),
    onsessionclosed: (id) => sessions.delete(id),
  });
  await makeServer().connect(transport);
  return transport;
}

async function respond(request, response) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const body = pieces.length > 0 ? JSON.parse(Buffer.concat(pieces).toString()) : undefined;
  const transport = sessions.get(request.headers['mcp-session-id']) ?? await begin();
  await transport.handleRequest(request, response, body);
}

const server = createServer((request, response) => respond(request, response).catch(() => response.destroy()));
server.listen(Number(port), '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
