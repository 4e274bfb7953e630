//! A small mail server that speaks SMTP over TCP and takes, delays or refuses what it is given.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the server says to a recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    Takes,
    Busy,
    Refuses,
}

/// A mail server on a port of its own. It stops with the test's runtime.
#[derive(Clone)]
pub(crate) struct MailServer {
    port: u16,
    state: Arc<Mutex<State>>,
}

struct State {
    mood: Mood,
    asked: usize,
    mails: Vec<String>,
}

impl MailServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State { mood: Mood::Takes, asked: 0, mails: Vec::new() }));
        let server = Self { port, state };
        let accepting = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(accepting.clone().talk(stream));
            }
        });
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    pub(crate) fn set(&self, mood: Mood) {
        self.state.lock().unwrap().mood = mood;
    }

    /// How often a recipient was named to it.
    pub(crate) fn asked(&self) -> usize {
        self.state.lock().unwrap().asked
    }

    /// What it took, as sent, with soft line breaks joined.
    pub(crate) fn mails(&self) -> Vec<String> {
        let state = self.state.lock().unwrap();
        state.mails.iter().map(|mail| mail.replace("=\r\n", "").replace("=3D", "=")).collect()
    }

    async fn talk(self, stream: TcpStream) {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        let mut answer = "220 mail.test ready\r\n".to_owned();
        loop {
            if write.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
            let Ok(Some(line)) = lines.next_line().await else {
                return;
            };
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            answer = match verb.as_str() {
                "EHLO" | "HELO" => "250 mail.test\r\n".to_owned(),
                "RCPT" => self.recipient(),
                "DATA" => {
                    if write.write_all(b"354 go on\r\n").await.is_err() {
                        return;
                    }
                    let mut mail = String::new();
                    while let Ok(Some(line)) = lines.next_line().await {
                        if line == "." {
                            break;
                        }
                        mail.push_str(line.strip_prefix('.').unwrap_or(&line));
                        mail.push_str("\r\n");
                    }
                    self.state.lock().unwrap().mails.push(mail);
                    "250 taken\r\n".to_owned()
                }
                "QUIT" => {
                    let _ = write.write_all(b"221 bye\r\n").await;
                    return;
                }
                _ => "250 fine\r\n".to_owned(),
            };
        }
    }

    fn recipient(&self) -> String {
        let mut state = self.state.lock().unwrap();
        state.asked += 1;
        match state.mood {
            Mood::Takes => "250 fine\r\n",
            Mood::Busy => "451 4.3.2 come back later\r\n",
            Mood::Refuses => "550 5.1.1 no such mailbox\r\n",
        }
        .to_owned()
    }
}
