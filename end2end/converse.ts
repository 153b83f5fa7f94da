/**
 * Runs in the page: leads a conversation over the same functions as the composer, one question after the other, and
 * returns its address.
 */
export async function converse([questions, model]: [string[], string]): Promise<string> {
  const call = async (name: string, body: object): Promise<any> => {
    const answer = await fetch(`/fn/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    // A reply may be whole a moment before the house takes the next message.
    if (answer.status === 409) {
      await new Promise((done) => setTimeout(done, 20));
      return await call(name, body);
    }
    if (!answer.ok) throw new Error(`${name} answered ${answer.status}: ${await answer.text()}`);
    return await answer.json();
  };
  let chat: string | null = null;
  let last: string | null = null;
  for (const text of questions) {
    const message = { chat_id: chat, parent_id: last, text, model };
    const started: any = await call('chats/send', { message });
    chat = started.chat_id;
    last = started.reply.id;
    for (;;) {
      const view: any = await call('chats/open', { id: chat, before: null });
      const { state } = view.messages.at(-1);
      if (state === 'complete') break;
      if (state !== 'streaming') throw new Error(`the reply to "${text}" is ${state}`);
    }
  }
  return `/chats/${chat}`;
}

/** Questions of different lengths, so that a guess at the height of a message would show. */
export function questions(count: number): string[] {
  return Array.from({ length: count }, (_, number) => {
    const lines = Array.from({ length: (number + 1) % 5 }, (_, line) => `It is about line ${line} of the books.`);
    return [`Question ${number + 1}.`, ...lines].join('\n');
  });
}
