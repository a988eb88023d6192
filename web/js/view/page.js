import { html, useCallback, useEffect, useRef, useState } from '/static/vendor/preact-htm.js';
import { Chat } from '../line/chat.js';
import { endAtServer, Farewell } from '../session/farewell.js';
import { SignInError } from '../session/oidc.js';
import { announce } from './announcer.js';
import { App } from './app.js';
import { SignIn } from './signin.js';
import { wantedIn } from './route.js';

// The sign-in, or the chat of whoever is signed in.
export function Page({ config, oidc, session, problem }) {
  const [chat, setChat] = useState(() => (session.signedIn ? begin(config, session) : null));
  const [trouble, setTrouble] = useState(problem);
  const farewell = useRef(null);

  const enterAsGuest = useCallback((name) => {
    session.enterAsGuest(name);
    setTrouble('');
    setChat(begin(config, session));
  }, []);

  const signIn = useCallback(async () => {
    try {
      location.assign(await oidc.begin(location.hash));
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      setTrouble(error.message);
    }
  }, []);

  // again: the same person is to sign in once more, so what they wrote stays.
  const leave = useCallback(async (again) => {
    if (!again && chat.me) farewell.current.say(chat.me.id);
    if (!again) await endAtServer(chat);
    const url = again ? null : await session.signOutUrl()?.catch(() => null);
    chat.stop();
    if (!again) chat.store?.forget();
    session.leave();
    if (url) location.assign(url);
    else {
      if (!again) history.replaceState(null, '', location.pathname);
      setChat(null);
    }
  }, [chat]);

  useEffect(() => {
    farewell.current = new Farewell((userId) => {
      if (chat?.me?.id !== userId) return;
      chat.stop();
      chat.store.forget();
      session.leave();
      setTrouble('You signed out in another window.');
      setChat(null);
    });
    return () => farewell.current.close();
  }, [chat]);

  if (!chat) return html`<${SignIn} config=${config} problem=${trouble} onGuest=${enterAsGuest} onSignIn=${oidc ? signIn : null} />`;
  return html`<${App} chat=${chat} onLeave=${leave} />`;
}

function begin(config, session) {
  const chat = new Chat({ api: config.api, session, wanted: wantedIn(location.hash), heardMessage: (room, message) => announce(chat, room, message) });
  chat.start();
  return chat;
}
