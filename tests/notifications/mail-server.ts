// A real mail server on this machine, that keeps what it is given.
import { SMTPServer } from 'smtp-server';
import type { AddressInfo } from 'node:net';

export type Letter = { to: string[]; headers: Map<string, string>; text: string };
export type MailServer = {
  url: string;
  letters: Letter[];
  /** How the next receivers are answered instead of being taken, first come first. */
  refusals: { code: number; text: string }[];
  /** Connections that gave the right name and password. */
  signedIn: number;
  stop(): Promise<void>;
};

/** Takes mail from `postman` with the password `letterbox` alone. */
export async function startMailServer(): Promise<MailServer> {
  const state: Pick<MailServer, 'letters' | 'refusals' | 'signedIn'> = { letters: [], refusals: [], signedIn: 0 };
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth({ username, password }, _, answer) {
      if (username !== 'postman' || password !== 'letterbox') return answer(new Error('wrong password'));
      state.signedIn++;
      answer(null, { user: username });
    },
    onRcptTo(_, __, answer) {
      const refusal = state.refusals.shift();
      answer(refusal && Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
    },
    onData(stream, { envelope }, answer) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
      stream.on('end', () => {
        state.letters.push({ to: envelope.rcptTo.map(({ address }) => address), ...parse(Buffer.concat(chunks).toString()) });
        answer();
      });
    },
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.server.address() as AddressInfo;
  const stop = () => new Promise<void>((done) => server.close(done));
  return Object.assign(state, { url: `smtp://postman:letterbox@127.0.0.1:${port}`, stop });
}

/** Enough of RFC 5322 for what we write: unfolded headers, and a body that is plain or quoted-printable. */
function parse(raw: string): Pick<Letter, 'headers' | 'text'> {
  const [head, ...body] = raw.split('\r\n\r\n');
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  const text = body.join('\r\n\r\n').replaceAll('\r\n', '\n');
  const quoted = headers.get('content-transfer-encoding') === 'quoted-printable';
  return { headers, text: quoted ? unquoted(text) : text };
}

function unquoted(text: string): string {
  const bytes = text.replace(/=\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
