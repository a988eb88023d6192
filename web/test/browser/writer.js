// Has a guest who is on no screen write texts into a room, over a socket of a person's page and so many on their way at a time: one after the other
// they stand in their order.
export function write({ page }, api, roomId, texts, together = 1) {
  return page.evaluate(([address, room, waiting, most]) => new Promise((resolve, reject) => {
    const socket = new WebSocket(`${address}?username=Writer&roomId=${room}`, 'switchboard.v1');
    let sent = 0;
    let kept = 0;
    const send = () => {
      if (sent === waiting.length) return;
      socket.send(JSON.stringify({ type: 'chat', id: `${sent + 1}`, roomId: room, message: waiting[sent] }));
      sent++;
    };
    socket.onmessage = ({ data }) => {
      const { type, ref } = JSON.parse(data);
      if (type === 'welcome') for (let n = 0; n < most; n++) send();
      if (type === 'error') reject(new Error(data));
      if (type !== 'chat' || !ref) return;
      send();
      if (++kept < waiting.length) return;
      socket.close();
      resolve();
    };
    socket.onerror = () => reject(new Error('the socket failed'));
  }), [api, roomId, texts, together]);
}
