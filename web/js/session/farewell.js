const farewellTime = 1500;

// Tells the browser's other tabs that a person has signed out: each tab has a session of its own, and may be somebody else.
export class Farewell {
  #channel = new BroadcastChannel('switchboard');

  // heard(userId) is called in every tab but the one that said so.
  constructor(heard) {
    this.#channel.onmessage = ({ data }) => {
      if (typeof data?.signedOut === 'string') heard(data.signedOut);
    };
  }

  say(userId) {
    this.#channel.postMessage({ signedOut: userId });
  }

  close() {
    this.#channel.close();
  }
}

// Ends the session at the server, which closes its connections in every tab. What goes wrong keeps nobody here: tokens end by themselves.
export async function endAtServer(chat) {
  await Promise.race([chat.ask('sign_out').catch(() => {}), new Promise((over) => setTimeout(over, farewellTime))]);
}
