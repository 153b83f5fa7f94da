//! One client connection: reads requests and writes answers byte by byte as the script orders.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::{
    Dialect, Split, call,
    frames::{End, Frames},
    reply::Reply,
    request::Request,
    server::Shared,
    tally::Tally,
};

/// Pace of an endless answer without a chunk delay of its own; quicker would only fill memory.
const ENDLESS_PAUSE: Duration = Duration::from_millis(5);
/// A client that sends more than this while it is being answered is not speaking HTTP any more.
const MAX_AHEAD_BYTES: usize = 1 << 20;

/// What to do with the connection after an answer.
enum After {
    Next,
    Close,
    Reset,
}

/// The client has closed its side, which no HTTP client does while it still wants the answer.
struct Gone;

impl From<io::Error> for Gone {
    fn from(_: io::Error) -> Self {
        Self
    }
}

struct Connection {
    stream: TcpStream,
    /// Bytes read and not yet used.
    ahead: BytesMut,
    /// Bytes of one write, kept for its capacity.
    out: Vec<u8>,
}

/// Serves one connection until either side ends it.
pub(crate) async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    // Small writes must reach the client one by one. Without the option they still arrive, only later.
    let _ = stream.set_nodelay(true);
    let mut connection = Connection {
        stream,
        ahead: BytesMut::new(),
        out: Vec::new(),
    };
    while let Some(request) = Request::read(&mut connection.stream, &mut connection.ahead).await {
        let request = Arc::new(request);
        let dialect = Dialect::of(&request.path).map(|(dialect, _)| dialect);
        let entry = shared
            .recording
            .then(|| shared.record.push(dialect, &request));
        let mut tally = Tally::new(Arc::clone(&shared), dialect.map(Dialect::index), entry);
        let reply = call::answer(&shared, &request);
        let after = connection
            .write(&reply, &mut tally)
            .await
            .unwrap_or_else(|Gone| {
                tally.dropped();
                After::Close
            });
        match after {
            After::Next if !request.wants_close() => {}
            After::Next | After::Close => {
                // Fails only when the client is gone already.
                let _ = connection.stream.shutdown().await;
                return;
            }
            After::Reset => {
                // Closing a socket that may not linger sends a reset instead of an end.
                let _ = connection.stream.set_zero_linger();
                return;
            }
        }
    }
}

impl Connection {
    async fn write(&mut self, reply: &Reply, tally: &mut Tally) -> Result<After, Gone> {
        let body = &reply.body;
        let chunked = body.length.is_none();
        tally.begin(chunked, reply.prompt_tokens);
        self.pause(reply.latency).await?;
        if reply.silent {
            return Err(self.gone().await);
        }
        self.out.clear();
        reply.head(&mut self.out);
        if reply.chunk_delay.is_zero() && reply.split == Split::Events && body.end == End::Clean {
            return self.write_at_once(body, tally).await;
        }
        self.flush().await?;
        let mut from = 0;
        let mut marks = body.marks.iter().peekable();
        let ends = reply
            .split
            .ends(body.bytes.len(), body.marks.iter().map(|mark| mark.end));
        for end in ends {
            if from > 0 {
                self.pause(reply.chunk_delay).await?;
            } else {
                tally.body();
            }
            while let Some(mark) = marks.next_if(|mark| mark.end <= end) {
                tally.advance(mark);
            }
            if end == body.bytes.len() && body.end == End::Clean && !chunked {
                tally.end();
            }
            self.push(&body.bytes[from..end], chunked);
            self.flush().await?;
            from = end;
        }
        self.end(reply, tally).await
    }

    /// The quick way for an answer nobody has to see in pieces: one write.
    async fn write_at_once(&mut self, body: &Frames, tally: &mut Tally) -> Result<After, Gone> {
        tally.body();
        let chunked = body.length.is_none();
        let mut from = 0;
        for mark in &body.marks {
            tally.advance(mark);
            self.push(&body.bytes[from..mark.end], chunked);
            from = mark.end;
        }
        self.push(&body.bytes[from..], chunked);
        if chunked {
            self.out.extend_from_slice(b"0\r\n\r\n");
        }
        tally.end();
        self.flush().await?;
        Ok(After::Next)
    }

    async fn end(&mut self, reply: &Reply, tally: &mut Tally) -> Result<After, Gone> {
        let body = &reply.body;
        match &body.end {
            End::Clean => {
                tally.end();
                if body.length.is_none() {
                    self.out.extend_from_slice(b"0\r\n\r\n");
                    self.flush().await?;
                }
                Ok(After::Next)
            }
            End::Cut => {
                tally.end();
                Ok(After::Close)
            }
            End::Reset => {
                tally.end();
                Ok(After::Reset)
            }
            End::Hang => Err(self.gone().await),
            End::Repeat(range) => loop {
                self.pause(reply.chunk_delay.max(ENDLESS_PAUSE)).await?;
                self.push(&body.bytes[range.clone()], true);
                self.flush().await?;
            },
        }
    }

    /// Adds body bytes to the next write, as an HTTP chunk if need be.
    fn push(&mut self, bytes: &[u8], chunked: bool) {
        if bytes.is_empty() {
            // An empty chunk would end the message.
            return;
        }
        if chunked {
            let size = format!("{:x}\r\n", bytes.len());
            self.out.extend_from_slice(size.as_bytes());
        }
        self.out.extend_from_slice(bytes);
        if chunked {
            self.out.extend_from_slice(b"\r\n");
        }
    }

    async fn flush(&mut self) -> Result<(), Gone> {
        self.stream.write_all(&self.out).await?;
        self.out.clear();
        Ok(())
    }

    /// Waits, unless the client leaves before.
    async fn pause(&mut self, duration: Duration) -> Result<(), Gone> {
        if duration.is_zero() {
            return Ok(());
        }
        tokio::select! {
            () = tokio::time::sleep(duration) => Ok(()),
            gone = self.gone() => Err(gone),
        }
    }

    /// Returns when the client has left. What it sends meanwhile is kept for later.
    async fn gone(&mut self) -> Gone {
        loop {
            if self.stream.readable().await.is_err() {
                return Gone;
            }
            match self.stream.try_read_buf(&mut self.ahead) {
                Ok(0) => return Gone,
                Ok(_) if self.ahead.len() > MAX_AHEAD_BYTES => return Gone,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => return Gone,
            }
        }
    }
}
