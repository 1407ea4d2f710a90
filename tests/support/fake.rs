//! A listener that answers as a test says: a server that fails in a chosen way, a proxy, a portal, silence.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, OnceLock};

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// One request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    /// Path and query; a whole address when it came to a proxy; `host:port` for CONNECT.
    pub target: String,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Request {
    /// A header's value, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// What the listener does about a request.
pub enum Reply {
    /// A whole answer.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// The connection ends without one.
    Close,
    /// These bytes as they are, and then the end.
    Raw(Vec<u8>),
    /// These bytes as they are, and then nothing for as long as the caller waits.
    Stall(Vec<u8>),
    /// Nothing, for as long as the caller waits.
    Silence,
}

impl Reply {
    /// A JSON answer.
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::Answer(status, vec![("content-type", "application/json".to_owned())], body.to_string())
    }

    /// A web page.
    pub fn page(status: u16) -> Self {
        Self::Answer(status, vec![("content-type", "text/html".to_owned())], "<html><body>Please log in</body></html>".to_owned())
    }

    /// The same answer with one more header.
    pub fn with(self, name: &'static str, value: &str) -> Self {
        match self {
            Self::Answer(status, mut headers, body) => {
                headers.push((name, value.to_owned()));
                Self::Answer(status, headers, body)
            }
            other => other,
        }
    }
}

#[derive(Default)]
struct Seen {
    requests: Mutex<Vec<Request>>,
    more: Condvar,
}

/// A listener on a free port of this machine, for as long as the test program runs.
pub struct Fake {
    port: u16,
    scheme: &'static str,
    seen: Arc<Seen>,
}

/// Decides the reply from the request and how many came before it.
type Handler = dyn Fn(&Request, usize) -> Reply + Send + Sync;

impl Fake {
    /// Speaks plain HTTP.
    pub fn start(handler: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::listen(None, Arc::new(handler))
    }

    /// Speaks TLS with this certificate.
    pub fn start_tls(certificate: &Certificate, handler: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::listen(Some(certificate.config()), Arc::new(handler))
    }

    fn listen(tls: Option<Arc<rustls::ServerConfig>>, handler: Arc<Handler>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Seen::default());
        let fake = Self { port, scheme: if tls.is_some() { "https" } else { "http" }, seen: seen.clone() };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, handler, tls) = (seen.clone(), handler.clone(), tls.clone());
                // A caller who breaks off has failed or passed its own test.
                std::thread::spawn(move || match tls {
                    None => converse(stream, &seen, &*handler),
                    Some(config) => converse(rustls::StreamOwned::new(rustls::ServerConnection::new(config)?, stream), &seen, &*handler),
                });
            }
        });
        fake
    }

    /// The address, with `localhost` as host.
    pub fn url(&self) -> String {
        format!("{}://localhost:{}", self.scheme, self.port)
    }

    /// Host and port as they stand in messages.
    pub fn at(&self) -> String {
        format!("localhost:{}", self.port)
    }

    /// All requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.seen.requests.lock().unwrap().clone()
    }

    /// Waits until `count` requests have come.
    pub fn wait_for(&self, count: usize) {
        let requests = self.seen.requests.lock().unwrap();
        drop(self.seen.more.wait_while(requests, |requests| requests.len() < count).unwrap());
    }
}

/// One request and its reply.
fn converse<S: Read + Write>(mut stream: S, seen: &Seen, handler: &Handler) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let request = read(&mut stream)?;
    let before = {
        let mut requests = seen.requests.lock().unwrap();
        requests.push(request.clone());
        seen.more.notify_all();
        requests.len() - 1
    };
    match handler(&request, before) {
        Reply::Close => {}
        Reply::Raw(bytes) => {
            stream.write_all(&bytes)?;
            stream.flush()?;
        }
        Reply::Stall(bytes) => {
            stream.write_all(&bytes)?;
            stream.flush()?;
            let _ = stream.read(&mut [0])?;
        }
        Reply::Silence => drop(stream.read(&mut [0])?),
        Reply::Answer(status, headers, body) => {
            let mut head = format!("HTTP/1.1 {status} Status\r\ncontent-length: {}\r\nconnection: close\r\n", body.len());
            for (name, value) in headers {
                head.extend([name, ": ", &value, "\r\n"]);
            }
            stream.write_all(format!("{head}\r\n{body}").as_bytes())?;
            stream.flush()?;
        }
    }
    Ok(())
}

fn read<S: Read>(stream: &mut S) -> Result<Request, Box<dyn std::error::Error + Send + Sync>> {
    let mut reader = BufReader::new(stream);
    let mut line = || -> std::io::Result<String> {
        let mut line = String::new();
        match reader.read_line(&mut line)? {
            0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line.trim_end().to_owned()),
        }
    };
    let first = line()?;
    let mut words = first.split(' ');
    let (method, target) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned());
    let mut headers = Vec::new();
    while let Some((name, value)) = line()?.split_once(':') {
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut request = Request { method, target, headers, body: String::new() };
    let length = request.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body)?;
    request.body = String::from_utf8_lossy(&body).into_owned();
    Ok(request)
}

/// A port of this machine on which nothing listens, nor ever will while the tests run: one end of a connection has it.
pub fn closed_port() -> u16 {
    static TAKEN: OnceLock<(TcpListener, TcpStream)> = OnceLock::new();
    let (_, taken) = TAKEN.get_or_init(|| {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let taken = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        (listener, taken)
    });
    taken.local_addr().unwrap().port()
}

/// A name that no machine can have, since its label is longer than labels may be: no name server is asked for it.
pub fn unknown_name() -> String {
    format!("{}.invalid", "x".repeat(64))
}

/// A server's certificate and the authority that signed it.
pub struct Certificate {
    chain: Vec<rustls::pki_types::CertificateDer<'static>>,
    key: Vec<u8>,
    /// The authority, PEM.
    pub authority: String,
}

impl Certificate {
    /// For `name`, valid in these years.
    pub fn new(name: &str, from: i32, until: i32) -> Self {
        let mut authority = rcgen::CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        authority.distinguished_name.push(rcgen::DnType::CommonName, "authority of the tests");
        let authority_key = rcgen::KeyPair::generate().unwrap();
        let signed = authority.self_signed(&authority_key).unwrap();
        let issuer = rcgen::Issuer::new(authority, authority_key);
        let mut leaf = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
        leaf.not_before = rcgen::date_time_ymd(from, 1, 1);
        leaf.not_after = rcgen::date_time_ymd(until, 1, 1);
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = leaf.signed_by(&key, &issuer).unwrap();
        Self { chain: vec![certificate.der().clone()], key: key.serialize_der(), authority: signed.pem() }
    }

    /// One that holds for this machine's own name.
    pub fn good() -> Self {
        Self::new("localhost", 2020, 4000)
    }

    fn config(&self) -> Arc<rustls::ServerConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.clone()));
        let builder = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        Arc::new(builder.with_no_client_auth().with_single_cert(self.chain.clone(), key).unwrap())
    }
}
