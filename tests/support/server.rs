//! A real `lea serve` on a free port, and a client that shows statuses instead of hiding them.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

use reqwest::blocking::Client;
use serde_json::Value;

use super::Sandbox;

/// The operator's token of every test server.
pub const OPERATOR: &str = "operator-token-of-the-tests";

/// A running server; killed when it goes out of scope.
pub struct Server {
    child: Child,
    /// Its base address.
    pub url: String,
    log: Option<JoinHandle<String>>,
    client: Client,
}

impl Server {
    /// Starts `lea serve` with the sandbox's data directory and waits until it listens.
    pub fn start(sandbox: &Sandbox, arguments: &[&str]) -> Self {
        Self::spawn(sandbox.lea(["serve", "--listen", "127.0.0.1:0"]).args(arguments).env("LEA_TOKEN", OPERATOR))
    }

    /// As [`start`](Self::start), with this reader of text.
    pub fn with_reader(sandbox: &Sandbox, reader: &std::path::Path) -> Self {
        let mut command = sandbox.lea(["serve", "--listen", "127.0.0.1:0"]);
        Self::spawn(command.env("LEA_TOKEN", OPERATOR).env("LEA_RESOLVE_OCR_PROGRAM", reader))
    }

    /// Starts `command`, which must end up as `lea serve`, and waits until it listens.
    pub fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            // A server that logs something that is no text has failed its test in another way.
            let _ = stderr.read_to_string(&mut text);
            text
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let Some(url) = line.trim().strip_prefix("listening on ") else {
            let _ = child.kill();
            panic!("the server did not start: {line:?}\n{}", log.join().unwrap());
        };
        // Only the first call in a process chooses.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().no_proxy().build().unwrap();
        Self { child, url: url.to_owned(), log: Some(log), client }
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// One request; gives the status and the body (null when it is no JSON).
    pub fn call(&self, method: &str, path: &str, token: &str, body: Option<Value>) -> (u16, Value) {
        self.try_call(method, path, token, body, &[]).unwrap()
    }

    /// As [`call`](Self::call), with headers; an error when there was no answer.
    pub fn try_call(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Result<(u16, Value), reqwest::Error> {
        let mut request = self.client.request(method.parse().unwrap(), format!("{}{path}", self.url));
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        let response = request.send()?;
        let status = response.status().as_u16();
        Ok((status, serde_json::from_str(&response.text()?).unwrap_or(Value::Null)))
    }

    /// Polls that wait for an action, by the server's own count.
    pub fn polls_waiting(&self) -> usize {
        let client = Client::builder().no_proxy().build().unwrap();
        let text = client.get(format!("{}/metrics", self.url)).bearer_auth(OPERATOR).send().unwrap().text().unwrap();
        text.lines().find_map(|line| line.strip_prefix("lea_polls_waiting ")).unwrap().trim().parse().unwrap()
    }

    /// Enrolls a machine as the operator and gives its token.
    #[track_caller]
    pub fn enroll(&self, machine: &str) -> String {
        let (status, body) = self.call("POST", "/api/v1/agents/enroll", OPERATOR, Some(serde_json::json!({ "machine_id": machine })));
        assert_eq!(status, 201, "{body}");
        body["api_token"].as_str().unwrap().to_owned()
    }

    /// Asks the process to end, waits for it, and gives its exit code and log.
    #[cfg(unix)]
    pub fn stop(mut self) -> (i32, String) {
        signal(self.pid(), "TERM");
        let code = self.child.wait().unwrap().code().unwrap_or(-1);
        (code, self.log.take().unwrap().join().unwrap())
    }
}

/// Sends a signal by the shell's own `kill`: a bare system has no other.
pub fn signal(pid: u32, name: &str) {
    assert!(Command::new("sh").args(["-c", &format!("kill -s {name} {pid}")]).status().unwrap().success());
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
