//! Sockets: where to listen, TLS, how many connections, and a clean end.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum_server::accept::{Accept, NoDelayAcceptor};
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use axum_server::{Handle, Server};
use hyper_util::rt::TokioTimer;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::frame::{HEADER_TIME, MAX_HEADERS};
use super::router;
use super::state::Shared;
use super::{callbacks, leave, turns};
use crate::config;
use crate::error::{Error, Kind, Result};
use crate::files::read_capped;

/// The largest certificate or key file, bytes.
const MAX_PEM_BYTES: u64 = 1 << 20;

/// How often heartbeats are written.
const FLUSH_EVERY: Duration = Duration::from_secs(1);

/// How often it is looked whose agent was silent for too long.
const LOOK_AT_LEASES_EVERY: Duration = Duration::from_millis(250);

/// How often old replays are removed.
const PURGE_EVERY: Duration = Duration::from_hours(1);

/// How often the certificate's files are looked at.
const LOOK_AT_CERTIFICATE_EVERY: Duration = Duration::from_secs(2);

/// How long a new connection waits for a place when all are taken.
const WAIT_FOR_PLACE: Duration = Duration::from_secs(5);

/// The address of `settings`, refused where it would let strangers listen in or walk in.
///
/// # Errors
/// When it is no address, or is beyond loopback without a token that somebody chose, or without TLS that somebody does.
pub fn check_address(settings: &config::Server, has_token: bool) -> Result<SocketAddr> {
    let text = &settings.listen;
    let wrong = |why: &str| Error::new(Kind::Usage, "invalid_address", format!("cannot listen on {text}: {why}"));
    let mut found = text.to_socket_addrs().map_err(|cause| {
        wrong("it is no HOST:PORT, or the name is not known").hint("write it like 127.0.0.1:5005 or [::]:5005").caused_by(cause)
    })?;
    let address = found.next().ok_or_else(|| wrong("the name has no address"))?;
    if is_loopback(address.ip()) {
        return Ok(address);
    }
    if !has_token {
        return Err(Error::new(Kind::Usage, "token_required", format!("refusing to listen on {text} without a token"))
            .hint("set LEA_TOKEN or --token-file, or start once on 127.0.0.1, which makes one"));
    }
    if settings.tls.is_none() && !settings.behind_proxy && !settings.insecure_http {
        return Err(Error::new(
            Kind::Usage,
            "tls_required",
            format!("refusing to listen on {text} without TLS: tokens and screens would travel in clear"),
        )
        .hint("give --tls-cert and --tls-key, or --behind-proxy if a proxy does TLS, or --insecure-http if you accept it"));
    }
    Ok(address)
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// Serves until a signal.
pub(super) async fn run(state: Shared, ready: impl FnOnce(&str) -> Result<()> + Send + 'static) -> Result<()> {
    let settings = state.settings.server.clone();
    let address = check_address(&settings, true)?;
    let listener = bind(address)?;
    let handle = Handle::new();
    let app = router::router(&state);
    let places = Places { free: Arc::new(Semaphore::new(state.settings.limits.connections)) };

    let stopper = tokio::spawn(stop_on_signal(Arc::clone(&state), handle.clone()));
    let watcher = tokio::spawn(watch_leases(Arc::clone(&state)));
    let sender = tokio::spawn(callbacks::run(Arc::clone(&state)));
    let purger = tokio::spawn(purge_replays(Arc::clone(&state)));
    let flusher = tokio::spawn(flush_heartbeats(Arc::clone(&state)));
    let announced = tokio::spawn(announce(handle.clone(), settings.tls.is_some(), ready));
    let served = match &settings.tls {
        Some((certificate, key)) => {
            let known = changed_at(certificate, key);
            let tls = RustlsConfig::from_config(load_certificate(certificate, key)?);
            let reloader = tokio::spawn(reload_certificate(Arc::clone(&state), tls.clone(), certificate.clone(), key.clone(), known));
            let acceptor = RustlsAcceptor::new(tls).acceptor(places);
            let served = serve(listener, acceptor, handle.clone(), app).await;
            reloader.abort();
            served
        }
        None => serve(listener, places, handle.clone(), app).await,
    };
    stopper.abort();
    flusher.abort();
    for task in [watcher, sender, purger] {
        task.abort();
    }
    state.flush_heartbeats().await;
    if let Err(error) = state.keep_sessions().await {
        tracing::error!(code = error.code(), "sessions could not be written; their journals say what is missing: {error}");
    }
    match announced.await {
        Ok(told) => told?,
        Err(_) => return Err(Error::new(Kind::Bug, "bug", "the address could not be announced")),
    }
    served.map_err(|cause| Error::new(Kind::Storage, "listen_failed", format!("listening on {address} ended")).caused_by(cause))
}

fn bind(address: SocketAddr) -> Result<TcpListener> {
    let bound = TcpListener::bind(address).and_then(|listener| listener.set_nonblocking(true).map(|()| listener));
    bound.map_err(|cause| {
        let error = match cause.kind() {
            io::ErrorKind::AddrInUse => Error::new(Kind::Conflict, "address_in_use", format!("another program listens on {address}"))
                .hint("stop it, or choose another port with --listen"),
            _ => Error::new(Kind::Input, "cannot_listen", format!("cannot listen on {address}")),
        };
        error.caused_by(cause)
    })
}

async fn serve<A>(listener: TcpListener, acceptor: A, handle: Handle<SocketAddr>, app: Router) -> io::Result<()>
where
    A: Accept<TcpStream, axum::middleware::AddExtension<Router, axum::extract::ConnectInfo<SocketAddr>>> + Clone + Send + Sync + 'static,
    A::Stream: AsyncRead + AsyncWrite + Unpin + Send,
    A::Service: axum_server::service::SendService<hyper::Request<hyper::body::Incoming>> + Send,
    A::Future: Send,
{
    let mut server: Server<SocketAddr, A> = axum_server::from_tcp(listener)?.acceptor(acceptor).handle(handle).http1_only();
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIME).max_headers(MAX_HEADERS);
    server.serve(app.into_make_service_with_connect_info::<SocketAddr>()).await
}

async fn announce(handle: Handle<SocketAddr>, tls: bool, ready: impl FnOnce(&str) -> Result<()>) -> Result<()> {
    match handle.listening().await {
        Some(address) => {
            let scheme = if tls { "https" } else { "http" };
            ready(&format!("{scheme}://{address}"))
        }
        None => Ok(()),
    }
}

/// At the first signal requests in flight may finish, as long as a request may take; at a second they are cut.
async fn stop_on_signal(state: Shared, handle: Handle<SocketAddr>) {
    wait_for_signal().await;
    state.stop_waiting();
    handle.graceful_shutdown(Some(state.settings.limits.request));
    tracing::info!("stopping: requests in flight may finish; a second signal cuts them");
    wait_for_signal().await;
    handle.shutdown();
}

#[cfg(unix)]
async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(cause) => {
            tracing::warn!(%cause, "SIGTERM cannot be listened to; Ctrl-C can");
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}

#[cfg(windows)]
async fn wait_for_signal() {
    let _ = tokio::signal::ctrl_c().await;
}

/// Looks whose agent was silent for too long.
async fn watch_leases(state: Shared) {
    let mut ticks = tokio::time::interval(LOOK_AT_LEASES_EVERY);
    loop {
        ticks.tick().await;
        turns::look_around(&state).await;
        leave::look_around(&state).await;
    }
}

/// Removes replays that were over for longer than they are kept, and their screens.
async fn purge_replays(state: Shared) {
    let mut ticks = tokio::time::interval(PURGE_EVERY);
    loop {
        ticks.tick().await;
        let (now, keep, screens) = (state.clock.now(), state.settings.replay.keep, Arc::clone(&state.screens));
        let (over, keys) = (turns::before(now, keep), turns::before(now, turns::REPEATABLE));
        let purged = async {
            let ids = state.bridge.read(move |entities| entities.old_replays(over, keys)).await?;
            // Pictures first: a replay that is still listed is looked at again, one whose row is gone never.
            let gone = state.bridge.assemble(move || {
                let removed = |id: &String| match screens.remove(id) {
                    Ok(()) => true,
                    Err(error) => {
                        tracing::warn!(code = error.code(), "pictures of an old replay could not be removed: {error}");
                        false
                    }
                };
                Ok(ids.into_iter().filter(removed).collect::<Vec<_>>())
            });
            let gone = gone.await?;
            let count = gone.len();
            if count > 0 {
                state.bridge.write(move |entities| entities.purge_replays(&gone)).await?;
            }
            Ok::<_, Error>(count)
        };
        match purged.await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "old replays were removed"),
            Err(error) => tracing::warn!(code = error.code(), "old replays could not be removed: {error}"),
        }
    }
}

async fn flush_heartbeats(state: Shared) {
    let mut ticks = tokio::time::interval(FLUSH_EVERY);
    loop {
        ticks.tick().await;
        state.flush_heartbeats().await;
        if let Err(error) = state.keep_sessions().await {
            tracing::warn!(code = error.code(), "sessions could not be written, and will be tried again: {error}");
        }
    }
}

/// Whether the certificate and its key can be used.
///
/// # Errors
/// What is wrong with them.
pub fn check_certificate(certificate: &Path, key: &Path) -> Result<()> {
    load_certificate(certificate, key).map(drop)
}

/// The certificate chain and its key, for HTTP/1.1 alone: nothing else is spoken here, so nothing else is offered.
fn load_certificate(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>> {
    // Only the first call in a process chooses; that it was made before is no fault.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let wrong = |cause: Box<dyn std::error::Error + Send + Sync>| {
        let message = format!("cannot use the certificate {} with the key {}", certificate.display(), key.display());
        Error::new(Kind::Input, "invalid_certificate", message)
            .hint("both are PEM files; the key must be the certificate's own")
            .caused_by(cause)
    };
    let read = |path: &Path| read_capped(path, MAX_PEM_BYTES).map_err(|cause| wrong(cause.into()));
    let chain = CertificateDer::pem_slice_iter(&read(certificate)?).collect::<std::result::Result<Vec<_>, _>>();
    let chain = chain.map_err(|cause| wrong(cause.into()))?;
    let key = PrivateKeyDer::from_pem_slice(&read(key)?).map_err(|cause| wrong(cause.into()))?;
    let mut config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).map_err(|cause| wrong(cause.into()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

async fn reload_certificate(state: Shared, tls: RustlsConfig, certificate: PathBuf, key: PathBuf, mut known: Changed) {
    let mut refused = None;
    let mut ticks = tokio::time::interval(LOOK_AT_CERTIFICATE_EVERY);
    loop {
        ticks.tick().await;
        let now = changed_at(&certificate, &key);
        if now == known {
            continue;
        }
        let (chain, secret) = (certificate.clone(), key.clone());
        match state.bridge.assemble(move || load_certificate(&chain, &secret)).await {
            Ok(config) => {
                known = now;
                tls.reload_from_config(config);
                tracing::info!(certificate = %certificate.display(), "the certificate was reloaded");
            }
            // Tried again each time, for it may be that somebody held the file; said once.
            Err(cause) if refused != Some(now) => {
                refused = Some(now);
                tracing::error!(causes = ?cause.causes(), "the new certificate cannot be used; the old one stays in force");
            }
            Err(_) => {}
        }
    }
}

/// When a certificate and its key were last changed.
type Changed = [Option<SystemTime>; 2];

fn changed_at(certificate: &Path, key: &Path) -> Changed {
    [certificate, key].map(|path| std::fs::metadata(path).and_then(|facts| facts.modified()).ok())
}

/// Gives each connection a place, and none when all are taken for too long.
#[derive(Clone)]
struct Places {
    free: Arc<Semaphore>,
}

impl<S: Send + 'static> Accept<TcpStream, S> for Places {
    type Stream = Placed;
    type Service = S;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Placed, S)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let free = Arc::clone(&self.free);
        Box::pin(async move {
            let place = tokio::time::timeout(WAIT_FOR_PLACE, free.acquire_owned()).await;
            let Ok(Ok(place)) = place else {
                tracing::warn!("a connection was closed: all places are taken (limits.connections)");
                return Err(io::ErrorKind::ConnectionRefused.into());
            };
            let (stream, service) = NoDelayAcceptor::new().accept(stream, service).await?;
            Ok((Placed { stream, _place: place }, service))
        })
    }
}

/// A connection with its place.
struct Placed {
    stream: TcpStream,
    _place: OwnedSemaphorePermit,
}

impl AsyncRead for Placed {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Placed {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, slices: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(listen: &str) -> config::Server {
        config::Server {
            listen: listen.to_owned(),
            database: None,
            tls: None,
            behind_proxy: false,
            insecure_http: false,
            allowed_origins: Vec::new(),
        }
    }

    #[test]
    fn beyond_loopback_only_with_a_token_and_tls() {
        assert!(check_address(&settings("127.0.0.1:0"), false).is_ok());
        assert!(check_address(&settings("[::1]:0"), false).is_ok());
        assert_eq!(check_address(&settings("0.0.0.0:0"), false).unwrap_err().code(), "token_required");
        assert_eq!(check_address(&settings("0.0.0.0:0"), true).unwrap_err().code(), "tls_required");
        assert_eq!(check_address(&settings("[::ffff:8.8.8.8]:1"), true).unwrap_err().code(), "tls_required");
        assert!(check_address(&config::Server { behind_proxy: true, ..settings("0.0.0.0:0") }, true).is_ok());
        assert!(check_address(&config::Server { insecure_http: true, ..settings("0.0.0.0:0") }, true).is_ok());
        assert_eq!(check_address(&settings("nonsense"), true).unwrap_err().code(), "invalid_address");
    }
}
