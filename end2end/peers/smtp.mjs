// A real SMTP server for the browser tests.
//
//   PORT        where to listen on 127.0.0.1, 0 for any free port
//   MAIL_FILE   each mail is appended to this file as one line of JSON: { to, from, subject, text, html }
//   FAIL_FIRST  refuse the first N mails with 451, as a busy server does
//
// Prints `ready PORT`.
import { appendFileSync } from 'node:fs';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

const file = process.env.MAIL_FILE;
if (!file) throw new Error('MAIL_FILE is missing');
let refusals = Number(process.env.FAIL_FIRST ?? 0);

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
  onData(stream, session, done) {
    simpleParser(stream).then((mail) => {
      if (refusals > 0) {
        refusals -= 1;
        done(Object.assign(new Error('4.3.0 Try again later'), { responseCode: 451 }));
        return;
      }
      const to = session.envelope.rcptTo.map((recipient) => recipient.address);
      const line = { to, from: mail.from?.text ?? '', subject: mail.subject ?? '', text: mail.text ?? '', html: mail.html || '' };
      appendFileSync(file, `${JSON.stringify(line)}\n`);
      done();
    }, done);
  },
});
server.on('error', (error) => console.error(error));
process.on('SIGTERM', () => process.exit(0));
const listener = server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => console.log(`ready ${listener.address().port}`));
