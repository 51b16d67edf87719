//! Debian's mosquitto, to be compared with.

use super::{Folder, PATIENCE};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A mosquitto of a test's own.
#[derive(Debug)]
pub(crate) struct Mosquitto {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Mosquitto {
    /// With these lines in its configuration, beside those of one listener on this machine.
    pub(crate) fn start(folder: &Folder, lines: &str) -> Self {
        // It cannot be told port 0: a free port may be gone when it binds it, so try again.
        for _ in 0..5 {
            let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
            let config = folder.path("mosquitto.conf");
            let port = address.port();
            let text = format!(
                "listener {port} 127.0.0.1\npersistence false\nset_tcp_nodelay true\nuser root\n{lines}"
            );
            std::fs::write(&config, text).unwrap();
            let program = if std::path::Path::new("/usr/sbin/mosquitto").exists() {
                "/usr/sbin/mosquitto"
            } else {
                "mosquitto"
            };
            let mut child = Command::new(program)
                .arg("-c")
                .arg(&config)
                .stderr(Stdio::null())
                .stdout(Stdio::null())
                .spawn()
                .expect("mosquitto cannot be started: install Debian's package mosquitto");
            let begun = Instant::now();
            while begun.elapsed() < PATIENCE && child.try_wait().unwrap().is_none() {
                if TcpStream::connect(address).is_ok() {
                    return Self { child, address };
                }
                std::thread::sleep(Duration::from_millis(5));
            }
            let _ = child.kill();
        }
        panic!("mosquitto does not start");
    }

    /// With its dynamic-security plugin and one client, `admin`, whose password is `admin`.
    pub(crate) fn dynamic(folder: &Folder) -> Self {
        let file = folder.path("dynamic-security.json");
        let init = Command::new("mosquitto_ctrl")
            .args(["dynsec", "init"])
            .arg(&file)
            .args(["admin", "admin"])
            .output()
            .expect("mosquitto_ctrl cannot be started: install Debian's package mosquitto");
        assert!(init.status.success(), "{init:?}");
        let plugin = std::fs::read_dir("/usr/lib")
            .unwrap()
            .map(|entry| entry.unwrap().path().join("mosquitto_dynamic_security.so"))
            .find(|path| path.exists())
            .expect("the plugin is part of Debian's package mosquitto");
        Self::start(
            folder,
            &format!(
                "allow_anonymous true\nplugin {}\nplugin_opt_config_file {}\n",
                plugin.display(),
                file.display()
            ),
        )
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
