"""Servers on loopback: nginx, plain, with TLS, and with a limit for each connection; a registry."""

import contextlib
import pathlib
import socket
import subprocess
import sys
import time

KINDS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@contextlib.contextmanager
def nginx(directory):
    """Serves directory/origin while the context lasts; gives the URL of each way."""
    ports = {way: free_port() for way in ("http", "https", "slow")}
    certificate(directory)
    (directory / "nginx.conf").write_text(configuration(directory, ports))
    process = subprocess.Popen(
        ["nginx", "-c", str(directory / "nginx.conf"), "-p", str(directory)],
        stderr=subprocess.DEVNULL,
    )
    try:
        wait(process, ports["slow"])
        yield {
            way: f"{'https' if way == 'https' else 'http'}://127.0.0.1:{port}"
            for way, port in ports.items()
        }
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def registry(directory):
    """docker-registry on loopback with its data in directory/registry; gives its host."""
    port = free_port()
    (directory / "registry").mkdir(exist_ok=True)
    (directory / "registry.yml").write_text(
        "version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\n"
        f"storage: {{filesystem: {{rootdirectory: {directory}/registry}}}}\n"
        f'http: {{addr: "127.0.0.1:{port}"}}\n'
    )
    process = subprocess.Popen(
        ["docker-registry", "serve", str(directory / "registry.yml")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait(process, port)
        yield f"127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def certificate(directory):
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=benchmark", "-addext", "subjectAltName=IP:127.0.0.1"]
    command += ["-keyout", str(directory / "key.pem"), "-out", str(directory / "ca.pem")]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


def configuration(d, ports):
    temporary = "".join(f"{kind}_temp_path {d}/{kind}; " for kind in KINDS)
    files = f"root {d}/origin;"
    return f"""
daemon off; user root; worker_processes 1; pid {d}/pid; error_log {d}/error.log;
events {{}}
http {{
  access_log off; sendfile on; keepalive_requests 100000; {temporary}
  server {{ listen 127.0.0.1:{ports['http']}; {files} }}
  server {{ listen 127.0.0.1:{ports['slow']}; limit_rate 20m; {files} }}
  server {{
    listen 127.0.0.1:{ports['https']} ssl; {files}
    ssl_certificate {d}/ca.pem; ssl_certificate_key {d}/key.pem;
  }}
}}
"""


def wait(process, port):
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            if process.poll() is not None:
                sys.exit(f"{process.args[0]} did not start")
            time.sleep(0.01)
