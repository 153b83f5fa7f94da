//! One HTTP/1.1 request as the fake reads it.

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Requests beyond this are answered by closing the connection.
const MAX_BODY_BYTES: usize = 256 << 20;
const MAX_HEAD_BYTES: usize = 256 << 10;
const MAX_HEADERS: usize = 128;

#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Raw, without the question mark.
    pub(crate) query: String,
    /// Names in lower case, in the order they came.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

impl Request {
    /// Reads one request, leaving what follows it in `buffer`. `None` when the client has closed or talks nonsense.
    pub(crate) async fn read(stream: &mut TcpStream, buffer: &mut BytesMut) -> Option<Self> {
        let mut request = loop {
            if let Some(request) = Self::parse_head(buffer)? {
                break request;
            }
            if buffer.len() > MAX_HEAD_BYTES {
                return None;
            }
            fill(stream, buffer).await?;
        };
        if request.header("expect").is_some() {
            stream
                .write_all(b"HTTP/1.1 100 Continue\r\n\r\n")
                .await
                .ok()?;
        }
        request.body = if request.header("transfer-encoding").is_some() {
            chunked_body(stream, buffer).await?
        } else {
            let length = match request.header("content-length") {
                Some(length) => length.parse().ok()?,
                None => 0,
            };
            if length > MAX_BODY_BYTES {
                return None;
            }
            exactly(stream, buffer, length).await?
        };
        Some(request)
    }

    /// The first value of a header, by lower-case name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn query_value(&self, name: &str) -> Option<String> {
        let pairs = self
            .query
            .split('&')
            .filter_map(|pair| pair.split_once('='));
        let mut values = pairs.filter(|(other, _)| *other == name);
        values.next().map(|(_, value)| percent_decoded(value))
    }

    pub(crate) fn bearer(&self) -> Option<&str> {
        self.header("authorization")?.strip_prefix("Bearer ")
    }

    pub(crate) fn accepts_gzip(&self) -> bool {
        self.header("accept-encoding")
            .is_some_and(|value| value.contains("gzip"))
    }

    pub(crate) fn wants_close(&self) -> bool {
        self.header("connection")
            .is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }

    /// `None` for nonsense, `Some(None)` for an incomplete head.
    #[expect(
        clippy::option_option,
        reason = "the outer one is for `?`, the inner one says wait"
    )]
    fn parse_head(buffer: &mut BytesMut) -> Option<Option<Self>> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut head = httparse::Request::new(&mut headers);
        let httparse::Status::Complete(length) = head.parse(buffer).ok()? else {
            return Some(None);
        };
        let target = head.path?;
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let request = Self {
            method: head.method?.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: head
                .headers
                .iter()
                .map(|header| {
                    (
                        header.name.to_ascii_lowercase(),
                        String::from_utf8_lossy(header.value).into_owned(),
                    )
                })
                .collect(),
            body: Bytes::new(),
        };
        drop(buffer.split_to(length));
        Some(Some(request))
    }
}

/// Reads more bytes; `None` at the end or on an error.
async fn fill(stream: &mut TcpStream, buffer: &mut BytesMut) -> Option<()> {
    buffer.reserve(8 << 10);
    let read = stream.read_buf(buffer).await.ok()?;
    (read > 0).then_some(())
}

async fn exactly(stream: &mut TcpStream, buffer: &mut BytesMut, length: usize) -> Option<Bytes> {
    while buffer.len() < length {
        fill(stream, buffer).await?;
    }
    Some(buffer.split_to(length).freeze())
}

async fn chunked_body(stream: &mut TcpStream, buffer: &mut BytesMut) -> Option<Bytes> {
    let mut body = BytesMut::new();
    loop {
        let httparse::Status::Complete((head, size)) = httparse::parse_chunk_size(buffer).ok()?
        else {
            fill(stream, buffer).await?;
            continue;
        };
        let size = usize::try_from(size).ok()?;
        if body.len() + size > MAX_BODY_BYTES {
            return None;
        }
        exactly(stream, buffer, head).await?;
        // The chunk and the line end behind it.
        let chunk = exactly(stream, buffer, size + 2).await?;
        if size == 0 {
            return Some(body.freeze());
        }
        body.extend_from_slice(&chunk[..size]);
    }
}

pub(crate) fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        let code = bytes
            .get(index + 1..index + 3)
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (bytes[index], code) {
            (b'%', Some(code)) => {
                out.push(code);
                index += 3;
            }
            (byte, _) => {
                out.push(byte);
                index += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
