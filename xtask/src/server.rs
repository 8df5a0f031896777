//! A static file server for one folder, for this machine only.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use crate::Outcome;

/// The address of the script that reloads the page under development.
pub const RELOAD_SCRIPT: &str = "-/reload.js";
const RELOAD_EVENTS: &str = "-/reload";
const RELOAD: &str = "new EventSource(new URL('reload', import.meta.url))\
                      .addEventListener('reload', () => location.reload());\n";
/// Our pages never send longer headers.
const LONGEST_HEAD: u64 = 16 * 1024;
const LAST_PORT_TRIED: u16 = 100;

/// The served site, shared by all connections.
pub struct Site {
    folder: PathBuf,
    /// The path of the folder, with a slash at both ends: `/` or a project path.
    mount: String,
    reloads: Mutex<u64>,
    reloaded: Condvar,
}

/// A site on a port. Connections are answered in the background until the program ends.
pub struct Server {
    /// The site that is served.
    pub site: Arc<Site>,
    port: u16,
}

impl Server {
    /// Serves on exactly this port (0: any free one).
    pub fn start(folder: &Path, mount: &str, port: u16) -> Outcome<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
            format!("port {port} cannot be used ({error}); choose another one with --port")
        })?;
        Self::listen(listener, folder, mount)
    }

    /// Serves on this port or the next free one.
    pub fn start_near(folder: &Path, mount: &str, port: u16) -> Outcome<Self> {
        let listener = (port..port.saturating_add(LAST_PORT_TRIED))
            .find_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok())
            .ok_or_else(|| format!("no port from {port} on is free; choose one with --port"))?;
        Self::listen(listener, folder, mount)
    }

    fn listen(listener: TcpListener, folder: &Path, mount: &str) -> Outcome<Self> {
        let port = listener
            .local_addr()
            .map_err(|error| error.to_string())?
            .port();
        let site = Arc::new(Site {
            folder: folder.to_path_buf(),
            mount: mount.to_string(),
            reloads: Mutex::new(0),
            reloaded: Condvar::new(),
        });
        let shared = Arc::clone(&site);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let site = Arc::clone(&shared);
                // A browser may close a connection early.
                thread::spawn(move || drop(site.answer(stream)));
            }
        });
        Ok(Self { site, port })
    }

    /// The address to open.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.port, self.site.mount)
    }
}

impl Site {
    /// Tells every open page to reload.
    pub fn reload(&self) {
        if let Ok(mut reloads) = self.reloads.lock() {
            *reloads += 1;
        }
        self.reloaded.notify_all();
    }

    fn answer(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let mut reader = BufReader::new(stream.try_clone()?.take(LONGEST_HEAD));
        let mut request = String::new();
        reader.read_line(&mut request)?;
        let mut header = String::new();
        while reader.read_line(&mut header)? > 2 {
            header.clear();
        }
        let mut words = request.split_whitespace();
        let (method, target) = (
            words.next().unwrap_or_default(),
            words.next().unwrap_or("/"),
        );
        if method != "GET" && method != "HEAD" {
            return send(
                &mut stream,
                "405 Method Not Allowed",
                "text/plain",
                b"GET only",
                true,
            );
        }
        let body = method == "GET";
        let path = target.split(['?', '#']).next().unwrap_or("/");
        let Some(path) = path.strip_prefix(self.mount.as_str()) else {
            return send(
                &mut stream,
                "404 Not Found",
                "text/plain",
                b"not found",
                body,
            );
        };
        match path {
            RELOAD_SCRIPT => send(&mut stream, "200 OK", mime("a.js"), RELOAD.as_bytes(), body),
            RELOAD_EVENTS => self.hold(stream),
            _ => match self
                .file(path)
                .and_then(|file| Some((fs::read(&file).ok()?, file)))
            {
                Some((content, file)) => send(
                    &mut stream,
                    "200 OK",
                    mime(&file.to_string_lossy()),
                    &content,
                    body,
                ),
                None => send(
                    &mut stream,
                    "404 Not Found",
                    "text/plain",
                    b"not found",
                    body,
                ),
            },
        }
    }

    /// Keeps a page's event stream open and writes to it after a new build.
    fn hold(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.write_all(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\
              Cache-Control: no-store\r\nConnection: close\r\n\r\n",
        )?;
        let poisoned = |_| io::Error::other("a connection died while it held the lock");
        let mut seen = *self.reloads.lock().map_err(poisoned)?;
        loop {
            let guard = self.reloads.lock().map_err(poisoned)?;
            let waited = self.reloaded.wait_timeout(guard, Duration::from_secs(15));
            let now = *waited.map_err(|_| io::Error::other("lock"))?.0;
            // The comment finds out whether the page is still open.
            let message: &[u8] = if now == seen {
                b":\n\n"
            } else {
                b"event: reload\ndata: now\n\n"
            };
            seen = now;
            stream.write_all(message)?;
        }
    }

    /// The file of an address. Names with `..`, backslashes or drive letters are not found.
    fn file(&self, path: &str) -> Option<PathBuf> {
        let path = decode(path)?;
        let mut file = self.folder.clone();
        for part in path.split('/').filter(|part| !part.is_empty()) {
            if part == ".." || part.contains(['\\', ':', '\0']) {
                return None;
            }
            file.push(part);
        }
        Some(if path.is_empty() || path.ends_with('/') {
            file.join("index.html")
        } else {
            file
        })
    }
}

fn send(out: &mut TcpStream, status: &str, kind: &str, body: &[u8], whole: bool) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
        body.len()
    );
    out.write_all(head.as_bytes())?;
    if whole {
        out.write_all(body)?;
    }
    out.flush()
}

fn mime(file: &str) -> &'static str {
    match file.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        // A browser compiles during the download only if the type is right.
        "wasm" => "application/wasm",
        "json" | "webmanifest" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Decodes percent encoding; `None` if the result is not text.
fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use super::Server;

    fn get(server: &Server, path: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: test\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn a_folder_is_served_under_its_mount_and_nothing_outside_it() {
        let folder = std::env::temp_dir().join(format!("faultline-server-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("inner")).unwrap();
        std::fs::write(folder.join("inner/index.html"), "<p>hello").unwrap();
        std::fs::write(folder.join("a b.wasm"), "x").unwrap();
        let server = Server::start(&folder.join("inner"), "/faultline/", 0).unwrap();
        assert!(get(&server, "/faultline/").ends_with("<p>hello"));
        assert!(get(&server, "/faultline/?x=1").contains("text/html"));
        assert!(get(&server, "/").starts_with("HTTP/1.1 404"));
        for outside in [
            "../a b.wasm",
            "%2e%2e/a%20b.wasm",
            "..%5ca b.wasm",
            "none.js",
        ] {
            let answer = get(&server, &format!("/faultline/{outside}"));
            assert!(answer.starts_with("HTTP/1.1 404"), "{outside}: {answer}");
        }
        let server = Server::start(&folder, "/", 0).unwrap();
        assert!(get(&server, "/a%20b.wasm").contains("application/wasm"));
        assert!(Server::start(&folder, "/", server.port).is_err());
        assert_ne!(
            Server::start_near(&folder, "/", server.port).unwrap().port,
            server.port
        );
        std::fs::remove_dir_all(folder).unwrap();
    }
}
