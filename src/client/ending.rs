//! The wish that a program end: a signal, or Ctrl-C.

use std::sync::mpsc;

use tokio::runtime::Builder;

use crate::error::{Error, Kind, Result};

/// Calls `then` at the first signal that asks the program to end (SIGINT or SIGTERM; Ctrl-C on Windows), on a thread of its own. From
/// the return of this call on the program no longer ends by such a signal by itself.
///
/// # Errors
/// When signals cannot be listened to.
pub fn on_ending(then: impl FnOnce() + Send + 'static) -> Result<()> {
    let failed = |cause: String| Error::new(Kind::Storage, "no_signals", "signals cannot be listened to").caused_by(cause);
    let (tell, told) = mpsc::channel();
    let listen = move || {
        let runtime = match Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(cause) => return drop(tell.send(Err(cause))),
        };
        let come = runtime.block_on(async {
            let listening = listening()?;
            // Whoever asked has gone; then there is nothing to end.
            let _ = tell.send(Ok(()));
            listening.await;
            Ok::<_, std::io::Error>(())
        });
        match come {
            Ok(()) => then(),
            Err(cause) => drop(tell.send(Err(cause))),
        }
    };
    std::thread::Builder::new().name("lea-signals".to_owned()).spawn(listen).map_err(|cause| failed(cause.to_string()))?;
    match told.recv() {
        Ok(Ok(())) => Ok(()),
        Ok(Err(cause)) => Err(failed(cause.to_string())),
        Err(cause) => Err(failed(cause.to_string())),
    }
}

/// Ends with the first signal. Listening begins with the call, not with the waiting.
#[cfg(unix)]
fn listening() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends with the first signal.
#[cfg(windows)]
fn listening() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}
