// SQS on one loopback port for as long as standard input stays open: node sqs.mjs <port>
import { setImmediate as nextTurn } from "node:timers/promises";

import { buildApp } from "fauxqs";

const port = Number(process.argv[2]);
const app = buildApp({ logger: false, defaultRegion: "us-east-1" });

// fauxqs lets a long poll take messages for a client that has hung up; SQS does not.
app.addHook("preSerialization", async (request, _reply, payload) => {
  if (payload?.Messages && (await hungUp(request.raw.socket))) {
    await giveBack(request.body.QueueUrl, payload.Messages);
  }
  return payload;
});

// A socket's end that has arrived is seen in the next turn of the event loop at the latest: this turn's sockets were chosen at its start.
async function hungUp(socket) {
  await nextTurn();
  await nextTurn();
  return !socket.writable;
}

async function giveBack(queueUrl, messages) {
  const entries = messages.map(({ ReceiptHandle }, i) => ({ Id: `${i}`, ReceiptHandle, VisibilityTimeout: 0 }));
  await fetch(`http://127.0.0.1:${port}/`, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": "AmazonSQS.ChangeMessageVisibilityBatch",
    },
    body: JSON.stringify({ QueueUrl: queueUrl, Entries: entries }),
  });
}

await app.listen({ port, host: "127.0.0.1" });
console.log(`listening on http://127.0.0.1:${port}`);

process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
