// The stack that Chautari replaces, at its best: Express 5, Socket.IO 4 and pg, one INSERT a message.
// Prints one line when it takes requests: its port. Ends when its input does.
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import express from "express";
import jwt from "jsonwebtoken";
import pg from "pg";
import { Server } from "socket.io";
import { readMessage, toMessage } from "./message.js";

const [socketDirectory, user, database, secret, issuer, audience] = process.argv.slice(2);
const pool = new pg.Pool({ host: socketDirectory, user, database, max: 20 });

const verify = (token) => jwt.verify(token, secret, { algorithms: ["HS256"], issuer, audience }).sub;

/** Named, so that pg prepares each once a connection. */
const ROOMS_OF = {
  name: "rooms-of",
  text: `select u.id, coalesce(array_agg(p.conversation_id) filter (where p.user_id is not null), '{}') as rooms
    from users u left join participants p on p.user_id = u.id where u.external_id = $1 group by u.id`,
};
/** The membership is checked by the insert itself: one round trip instead of two. */
const INSERT = {
  name: "insert",
  text: `insert into messages (conversation_id, sender_id, client_id, body, reply_to_id)
    select p.conversation_id, p.user_id, $3, $4, $5 from participants p
    where p.conversation_id = $1 and p.user_id = $2 returning *`,
};
const NEWEST = {
  name: "newest",
  text: `select m.* from messages m where m.conversation_id = $1 and exists (
      select from participants p join users u on u.id = p.user_id
      where p.conversation_id = $1 and u.external_id = $2)
    order by m.id desc limit $3`,
};
const MISSED = {
  name: "missed",
  text: `select m.* from messages m where m.conversation_id = $1 and m.id > $3 and exists (
      select from participants p where p.conversation_id = $1 and p.user_id = $2)
    order by m.id limit 500`,
};

const app = express();
app.disable("x-powered-by");
app.set("etag", false);

app.get("/conversations/:id/messages", async (request, response) => {
  const limit = Math.min(Number(request.query.limit) || 50, 100);
  let person;
  try {
    person = verify(request.headers.authorization?.replace("Bearer ", "") ?? "");
  } catch {
    return response.status(401).json({ error: "unauthenticated" });
  }
  const { rows } = await pool.query({ ...NEWEST, values: [request.params.id, person, limit] });
  response.json({ messages: rows.reverse().map(toMessage) });
});

const server = createServer(app);
const io = new Server(server, {
  transports: ["websocket"],
  perMessageDeflate: false,
  httpCompression: false,
  serveClient: false,
});

io.use(async (socket, next) => {
  try {
    const person = verify(socket.handshake.auth.token);
    const { rows } = await pool.query({ ...ROOMS_OF, values: [person] });
    socket.data.userId = rows[0].id;
    socket.data.rooms = rows[0].rooms;
    next();
  } catch {
    next(new Error("unauthenticated"));
  }
});

io.on("connection", (socket) => {
  const { userId, rooms } = socket.data;
  socket.join(rooms);

  socket.on("message:send", async (data, acknowledge) => {
    try {
      const { conversationId, clientId, body, replyToId } = readMessage(data);
      const values = [conversationId, userId, clientId, body, replyToId];
      const { rows: [row] } = await pool.query({ ...INSERT, values });
      if (!row) return acknowledge({ error: "not_found" });
      const message = toMessage(row);
      io.to(conversationId).emit("message", message);
      acknowledge({ message });
    } catch (error) {
      acknowledge({ error: error.message });
    }
  });

  socket.on("sync", async ({ conversationId, after }, acknowledge) => {
    try {
      const { rows } = await pool.query({ ...MISSED, values: [conversationId, userId, after] });
      acknowledge({ messages: rows.map(toMessage) });
    } catch (error) {
      acknowledge({ error: error.message });
    }
  });
});

process.on("SIGINT", () => {});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port, server: process.pid })));
for await (const line of createInterface({ input: process.stdin })) {
  if (line === "collect") globalThis.gc?.({ type: "major", flavor: "last-resort" });
}
process.exit(0);
