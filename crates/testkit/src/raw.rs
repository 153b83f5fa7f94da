//! A connection that speaks HTTP by hand, for what no well-behaved client sends.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A server that neither answers nor closes is a finding, not something to wait for.
const PATIENCE: Duration = Duration::from_mins(2);
/// Longest head and body that is read.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// A connection written to by hand.
#[derive(Debug)]
pub struct Raw(TcpStream);

impl Raw {
    /// Connects.
    pub async fn connect(address: SocketAddr) -> Self {
        Self(TcpStream::connect(address).await.expect("a connection"))
    }

    /// Writes some bytes; false when the server takes no more.
    pub async fn write(&mut self, bytes: &[u8]) -> bool {
        self.0.write_all(bytes).await.is_ok()
    }

    /// Waits this long for the server to close; true when it has. What it says is thrown away.
    pub async fn closed_within(&mut self, time: Duration) -> bool {
        let mut some = [0; 1_024];
        let reading = async {
            // A reset is a way to close as well.
            while let Ok(1..) = self.0.read(&mut some).await {}
        };
        tokio::time::timeout(time, reading).await.is_ok()
    }

    /// Sends one request on a connection of its own, which must ask to be closed, and reads the
    /// answer meanwhile: the server may answer, and close, before it has taken everything. Returns
    /// the status, 0 for a connection that closed without a word, and all that came.
    pub async fn ask(address: SocketAddr, request: &[u8]) -> (u16, String) {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        let (read, mut write) = stream.split();
        let mut answer = Vec::new();
        let mut read = read.take(MOST_BYTES);
        let both = async {
            let reading = async {
                // What came before a reset counts.
                let _ = read.read_to_end(&mut answer).await;
            };
            let writing = async {
                let _ = write.write_all(request).await;
            };
            tokio::join!(reading, writing);
        };
        tokio::time::timeout(PATIENCE, both)
            .await
            .expect("the server answers or closes");
        let text = String::from_utf8_lossy(&answer).into_owned();
        let status = text
            .strip_prefix("HTTP/1.1 ")
            .and_then(|rest| rest.get(..3)?.parse().ok())
            .unwrap_or(0);
        (status, text)
    }
}
