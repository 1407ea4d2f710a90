//! What the benches share: a server, a load on it, and the table beside a peer.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The operator's token of both servers.
pub(crate) const TOKEN: &str = "token-of-the-bench";
/// Connections of one load.
pub(crate) const CONNECTIONS: usize = 16;

pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    pub(crate) fn start(peer: Option<&str>) -> Self {
        let fast = Path::new("/dev/shm");
        let folder = if fast.is_dir() { tempfile::tempdir_in(fast) } else { tempfile::tempdir() }.unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = if let Some(template) = peer {
            let mut words = template.split_whitespace().map(|word| word.replace("{port}", &port.to_string()));
            let mut command = Command::new(words.next().unwrap());
            command.args(words);
            command
        } else {
            let mut command = Command::new(env!("CARGO_BIN_EXE_lea"));
            command.args(["serve", "--quiet", "--listen", &format!("127.0.0.1:{port}")]).env("LEA_DATA_DIR", folder.path());
            command
        };
        command.env("RPA_API_TOKEN", TOKEN).env("RPA_AGENTS_DB_PATH", folder.path().join("agents.db")).env("ORACLE_ROOT", folder.path());
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let server = Self { child, address, folder };
        let deadline = Instant::now() + Duration::from_mins(1);
        while std::net::TcpStream::connect(address).is_err() {
            assert!(Instant::now() < deadline, "the server did not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// The folder that it was given.
    #[allow(dead_code, reason = "not every bench lays out files")]
    pub(crate) fn data(&self) -> &Path {
        self.folder.path()
    }

    /// Resident memory, MiB; nothing where the system does not tell.
    pub(crate) fn resident(&self) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kib| kib / 1024.0)
    }
}

/// What a load achieved.
pub(crate) struct Rate {
    pub(crate) per_second: f64,
    pub(crate) median: Duration,
    pub(crate) p99: Duration,
}

pub(crate) fn request(method: &str, path: &str, body: &str) -> Vec<u8> {
    format!("{method} {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        .into_bytes()
}

/// Reads one answer; gives its status.
pub(crate) async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> u16 {
    buffer.clear();
    let head = loop {
        let read = stream.read_buf(buffer).await.unwrap();
        assert!(read > 0, "the server closed the connection");
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let text = String::from_utf8_lossy(&buffer[..head]).to_lowercase();
    // An answer without a body need not say how long it is.
    let length: usize = text.lines().find_map(|line| line.strip_prefix("content-length:")).map_or(0, |text| text.trim().parse().unwrap());
    let bodiless = text.starts_with("http/1.1 304");
    let length = if bodiless { 0 } else { length };
    let mut left = (head + length).saturating_sub(buffer.len());
    let mut rest = vec![0; 1 << 18];
    while left > 0 {
        let read = stream.read(&mut rest[..left.min(1 << 18)]).await.unwrap();
        assert!(read > 0, "the server closed the connection");
        left -= read;
    }
    text[9..12].parse().unwrap()
}

/// Puts `make(0)`, `make(1)`, … on the server from all connections, `count` in all.
pub(crate) fn load(
    server: &Server,
    connections: usize,
    count: usize,
    expected: u16,
    make: impl Fn(usize) -> Vec<u8> + Copy + 'static,
) -> Rate {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let local = tokio::task::LocalSet::new();
    let started = Instant::now();
    let address = server.address;
    let mut times = local.block_on(&runtime, async move {
        let lanes: Vec<_> = (0..connections)
            .map(|lane| {
                tokio::task::spawn_local(async move {
                    let mut stream = TcpStream::connect(address).await.unwrap();
                    stream.set_nodelay(true).unwrap();
                    let (mut times, mut buffer) = (Vec::new(), Vec::new());
                    for number in (lane..count).step_by(connections) {
                        let sent = Instant::now();
                        stream.write_all(&make(number)).await.unwrap();
                        let status = answer(&mut stream, &mut buffer).await;
                        assert_eq!(status, expected);
                        times.push(sent.elapsed());
                    }
                    times
                })
            })
            .collect();
        let mut all = Vec::with_capacity(count);
        for lane in lanes {
            all.extend(lane.await.unwrap());
        }
        all
    });
    let per_second = count as f64 / started.elapsed().as_secs_f64();
    times.sort_unstable();
    Rate { per_second, median: times[times.len() / 2], p99: times[times.len() * 99 / 100] }
}

/// Prints the rates of this server beside those of a peer, measured in the same run where `LEA_BENCH_PEER` names one.
pub(crate) fn compare(measure: impl Fn(Option<&str>) -> Vec<(&'static str, Rate)>) {
    let peer = std::env::var("LEA_BENCH_PEER").ok();
    println!("lea {}:", lea::VERSION);
    let ours = measure(None);
    let theirs = peer.as_deref().map(|peer| {
        println!("peer ({peer}):");
        measure(Some(peer))
    });
    println!("{:<28} {:>12} {:>12} {:>12} {:>14}", "", "per second", "median", "p99", "ratio to peer");
    for (name, rate) in &ours {
        let peer = theirs.iter().flatten().find(|(other, _)| other == name);
        let ratio = peer.map_or_else(|| "-".to_owned(), |(_, other)| format!("{:.1}", rate.per_second / other.per_second));
        println!("{name:<28} {:>12.0} {:>12.2?} {:>12.2?} {ratio:>14}", rate.per_second, rate.median, rate.p99);
    }
}
