// Opens a WebSocket, or rejects when it is not open in time.
export function openSocket({ url, protocols }, within) {
  const socket = new WebSocket(url, protocols);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.close(), within);
    socket.onclose = () => {
      clearTimeout(timer);
      reject(new Error('The connection was not opened.'));
    };
    socket.onopen = () => {
      clearTimeout(timer);
      resolve(socket);
    };
  });
}
