"""Refuses the network to Python programs, and says which line of which library reached for it.

One file, the standard library alone, Python 3.8 and newer. It is used in two ways:

* ``python3 modelbake_guard.py [OPTION]... -- COMMAND...`` runs a command and says what it is worth
  that nothing more was seen. Exit 79 when anything reached out, else the command's own code; 126,
  127 and 128+n as a shell; 64 wrong usage, 74 no report can be written, 78 what --require wants
  cannot be had.
* by ``modelbake_guard.start()`` in a ``sitecustomize.py`` beside it on PYTHONPATH, with the
  variables below: so it starts in every Python that the command starts. A sitecustomize that was
  there before runs after it.

It is an audit hook (PEP 578): nothing is patched. What it cannot see: other programs, libraries
which open sockets in native code, and Pythons started with -I, -E or -S.

MODELBAKE_GUARD_NOTES   the directory where attempts are noted, a file for each process; a guard
                        within a guard puts its own and a colon before the other's
MODELBAKE_GUARD_MODE    refuse (the default) or watch, which lets pass and notes URLs and files
MODELBAKE_GUARD_ALLOW   hosts that may be reached, separated by commas: HOST, HOST:PORT, *.DOMAIN;
                        those of a guard around this one follow a semicolon, and have to agree
MODELBAKE_GUARD_PROXY   the port on loopback of a proxy that belongs to the guard
"""

import os
import sys

_PREFIX = "MODELBAKE_GUARD_"
_MOST_NOTES = 1000
_MOST_WRITES = 20000
_MOST_FRAMES = 40
_MOST_LINE = 8192
_WRITING = os.O_WRONLY | os.O_RDWR
# Who speaks HTTP, and who downloads on behalf of others: a reader wants to see who asked them to.
_CARRIERS = frozenset(
    """requests urllib3 httpx httpcore h11 h2 anyio sniffio trio aiohttp aiohappyeyeballs
    websockets tornado socks dns eventlet gevent requests_toolbelt requests_file tenacity backoff
    pooch gdown wget fsspec s3fs cached_path cached_download smart_open botocore boto3
    tqdm huggingface_hub modelscope_hub""".split()
)
_METHODS = (b"GET ", b"HEAD ", b"POST ", b"PUT ", b"DELETE ", b"OPTIONS ", b"PATCH ", b"CONNECT ")


def _text(value):
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("utf-8", "replace")
    return str(value)


def _address(text):
    """An address in its usual form, from any spelling that the C library takes; None for a name."""
    if ":" not in text and text.strip("0123456789abcdefx."):
        return None
    import _socket

    try:
        if ":" not in text:
            return _socket.inet_ntoa(_socket.inet_aton(text))
        data = _socket.inet_pton(_socket.AF_INET6, text.partition("%")[0])
        if data[:12] == b"\0" * 10 + b"\xff\xff":
            return _socket.inet_ntoa(data[12:])
        return _socket.inet_ntop(_socket.AF_INET6, data)
    except (OSError, ValueError):
        return None


def _host(value):
    text = _text(value).strip("[]").rstrip(".").lower()
    return _address(text) or text


def _is_local(host):
    """Whether a name or an address, as _host gives it, is this machine."""
    if host.startswith("127.") and not host.strip("0123456789."):
        return True
    return (
        host in ("", "localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback")
        or host in ("::1", "::", "0.0.0.0")
        or host.endswith(".localhost")
        or host == os.uname().nodename.lower()
    )


def _is_address(host):
    return ":" in host or not host.strip("0123456789.")


def _rule(text):
    """A host that may be reached, as (name, port or None).

    HOST, HOST:PORT, *.DOMAIN, *.DOMAIN:PORT, an address, [ADDRESS]:PORT; else a ValueError.
    """
    host, port = text.lower(), None
    if host.startswith("["):
        host, closed, port = host[1:].partition("]")
        if not closed or ":" not in host or (port and port[0] != ":"):
            raise ValueError(text)
        port = port[1:] if port else None
    elif host.count(":") == 1:
        host, _, port = host.partition(":")
    if port is not None:
        digits = 0 < len(port) < 6 and not port.strip("0123456789")
        if not digits or not 0 < int(port) < 65536:
            raise ValueError(text)
        port = int(port)
    if ":" in host:
        address = None if "%" in host else _address(host)
        if address is None:
            raise ValueError(text)
        return address, port
    name = host[2:] if host.startswith("*.") else host
    name = name[:-1] if name.endswith(".") else name
    letters = "abcdefghijklmnopqrstuvwxyz0123456789_-"
    for label in name.split("."):
        if not 0 < len(label) < 64 or label.strip(letters):
            raise ValueError(text)
    address = _address(name)
    last = name.rpartition(".")[2]
    if len(name) > 253 or (address and name != host.rstrip(".")):
        raise ValueError(text)
    if not address and not last.strip("0123456789"):
        raise ValueError(text)
    return ("*." + name if host.startswith("*.") else address or name), port


def _covers(rules, host, port):
    """Whether a host may be reached; without a port, whether its name may be looked up."""
    for name, wanted in rules:
        same = host.endswith(name[1:]) if name.startswith("*.") else host == name
        if same and (not port or wanted is None or wanted == port):
            return True
    return False


def _known_rules(text):
    """The rules of a variable; what is none allows nothing."""
    rules = []
    for item in text.split(","):
        try:
            rules.append(_rule(item.strip()))
        except ValueError:
            pass
    return rules


def _split(authority, port):
    """The host and port of an authority; user and password are dropped here, and seen nowhere."""
    authority = authority.rpartition("@")[2]
    host, colon, after = authority.rpartition(":")
    if colon and after.isdigit() and not host.endswith(":"):
        return _host(host), int(after)
    return _host(authority), port


def _parts(url):
    """(host, port, url without user and password) of an http URL, or None."""
    scheme, mark, rest = url.partition("://")
    if not mark or scheme.lower() not in ("http", "https", "ftp"):
        return None
    end = min([i for i in (rest.find(c) for c in "/?#") if i >= 0] or [len(rest)])
    authority, path = rest[:end], rest[end:]
    default = {"http": 80, "https": 443, "ftp": 21}[scheme.lower()]
    host, port = _split(authority, default)
    return host, port, scheme + "://" + authority.rpartition("@")[2] + path


def _quoted(value):
    """A JSON string; written here, since a hook imports as little as it can."""
    out = []
    for c in value:
        if c in '"\\':
            out.append("\\" + c)
        elif " " <= c <= "~":
            out.append(c)
        else:
            n = ord(c)
            if n > 0xFFFF:
                n -= 0x10000
                out.append("\\u%04x\\u%04x" % (0xD800 | n >> 10, 0xDC00 | n & 0x3FF))
            else:
                out.append("\\u%04x" % n)
    return '"' + "".join(out) + '"'


def _json(value):
    if isinstance(value, dict):
        return "{" + ", ".join(_quoted(k) + ": " + _json(v) for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_json(v) for v in value) + "]"
    return str(value) if isinstance(value, int) else _quoted(value)


class _Notes(object):
    """What this process noted, in a file of its own, complete after every line.

    A note that comes again is counted where it stands, so that 10,000 attempts are one line, and
    a process that is killed, or ends without a farewell, leaves the right number.
    """

    def __init__(self, directory):
        import _thread

        self.directory = directory
        self._new_lock = _thread.allocate_lock
        self._begin()

    def _begin(self):
        self.pid = os.getpid()
        self.lock = self._new_lock()
        self.path = None
        self.end = 0
        self.known = {}

    def _write(self, text, offset):
        # Opened anew each time: a daemon that closes all files must not make us write elsewhere.
        flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
        if self.path is None:
            import time

            flags |= os.O_EXCL
            self.path = os.path.join(self.directory, "%d-%d.jsonl" % (self.pid, time.time_ns()))
        fd = os.open(self.path, flags, 0o600)
        try:
            os.pwrite(fd, text, offset)
        finally:
            os.close(fd)

    def add(self, key, fields):
        """Notes it, or counts it; `fields` is called when it is new."""
        if os.getpid() != self.pid:
            self._begin()  # forked
        if not self.lock.acquire(True, 2):
            return False
        try:
            if key not in self.known and len(self.known) >= _MOST_NOTES:
                key, fields = "more", lambda: {"type": "more"}
            place = self.known.get(key)
            if place:
                place[1] += 1
                self._write(b"%10d" % place[1], place[0])
                return True
            line = '{"count": %10d, %s\n' % (1, _json(fields())[1:])
            data = line.encode("ascii")
            self._write(data, self.end)
            self.known[key] = [self.end + len('{"count": '), 1]
            self.end += len(data)
            return True
        except OSError:
            return False
        finally:
            self.lock.release()

    def append(self, kind, fields):
        """A line in the file that all processes of a user share: short lines do not mix."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)
        name = "%s-%d.jsonl" % (kind, os.getuid())
        try:
            fd = os.open(os.path.join(self.directory, name), flags, 0o600)
            try:
                os.write(fd, (_json(fields) + "\n").encode("ascii"))
            finally:
                os.close(fd)
        except OSError:
            pass


class _Frames(object):
    """Who called: the stack, seen from the outside of the standard library and the carriers."""

    def __init__(self):
        self.library = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
        self.own = os.path.abspath(__file__)

    def _is_standard(self, name):
        if name.startswith("<frozen "):
            return True
        inside = name.startswith(self.library)
        return inside and "site-packages" not in name and "dist-packages" not in name

    @staticmethod
    def _is_carrier(module):
        parts = module.split(".")
        if parts[0] in _CARRIERS or module in ("torch.hub", "torchvision.datasets.utils"):
            return parts[0]
        for i, part in enumerate(parts[:-1]):
            if part in ("_vendor", "vendored", "packages") and parts[i + 1] in _CARRIERS:
                return parts[i + 1]
        return None

    @staticmethod
    def _short(name):
        for mark in ("/site-packages/", "/dist-packages/"):
            if mark in name:
                return name.rpartition(mark)[2]
        return name

    def of_this_thread(self):
        frame = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename == __file__:
            frame = frame.f_back
        return frame

    def caller(self):
        """The fields of a note that say who called."""
        found = self._of(self.of_this_thread())
        if "file" not in found:
            # A resolver thread, as asyncio has: the main thread is the best answer left.
            import _thread

            frames = sys._current_frames()
            main = sys.modules.get("threading")
            ident = main.main_thread().ident if main else None
            if ident in frames and ident != _thread.get_ident():
                other = self._of(frames[ident])
                if "file" in other:
                    other["thread"] = "main"
                    other["stack"] = found.get("stack", []) + other["stack"]
                    return other
        return found

    def _of(self, frame):
        fields, stack, through, fallback = {}, [], None, None
        while frame is not None:
            code = frame.f_code
            name = code.co_filename
            if name not in (__file__, self.own):
                if len(stack) < _MOST_FRAMES:
                    stack.append("%s:%d %s" % (self._short(name), frame.f_lineno, code.co_name))
                if "file" not in fields and not self._is_standard(name):
                    carrier = self._is_carrier(str(frame.f_globals.get("__name__", "")))
                    place = {
                        "file": self._short(name),
                        "line": frame.f_lineno,
                        "function": code.co_name,
                    }
                    if carrier:
                        through, fallback = carrier, place
                    else:
                        fields.update(place)
            frame = frame.f_back
        if "file" not in fields and fallback:
            fields.update(fallback)
            through = None
        if through:
            fields["through"] = through
        fields["stack"] = stack
        return fields

    def url(self):
        """(method, URL) that a carrier on the stack is about to fetch, from its variables."""
        frame = self.of_this_thread()
        while frame is not None:
            name = str(frame.f_globals.get("__name__", ""))
            if self._is_carrier(name) or name == "urllib.request":
                known = frame.f_locals
                request = known.get("request") or known.get("req")
                url = getattr(request, "url", None) or getattr(request, "full_url", None)
                method = getattr(request, "method", None)
                if url is None:
                    url, method = known.get("url"), known.get("method")
                if isinstance(url, (bytes, bytearray)):
                    url = _text(url)
                url = "" if url is None else str(url)
                if url.startswith(("http://", "https://")):
                    method = _text(method).upper() if method else "GET"
                    return method, url
            frame = frame.f_back
        return None


class _Hook(object):
    def __init__(self, environment):
        self.watching = environment.get(_PREFIX + "MODE") == "watch"
        groups = [_known_rules(part) for part in environment.get(_PREFIX + "ALLOW", "").split(";")]
        # Whoever watches refuses nothing; a guard around it may.
        self.groups = groups[1:] if self.watching else groups
        self.proxy = environment.get(_PREFIX + "PROXY", "")
        places = environment.get(_PREFIX + "NOTES", "").split(":")
        self.notes = [_Notes(place) for place in places if place]
        self.frames = _Frames()
        self.addresses = {}
        self.resolving = False
        self.written = set()
        self.wrapped = False
        self.handlers = {
            "socket.getaddrinfo": self.lookup,
            "socket.gethostbyname": self.lookup,
            "socket.gethostbyaddr": self.reverse,
            "socket.getnameinfo": self.reverse,
            "socket.connect": self.connect,
            "socket.sendto": self.send,
            "socket.sendmsg": self.send,
            "http.client.send": self.http_send,
            "subprocess.Popen": self.popen,
        }
        if self.watching:
            self.handlers.update(
                {
                    "urllib.Request": self.urllib_request,
                    "os.system": self.system,
                    "os.exec": self.executed,
                    "os.posix_spawn": self.executed,
                    "open": self.open,
                    "socket.__new__": self.seek,
                    "os.rename": self.placed,
                    "os.link": self.placed,
                    "os.symlink": self.placed,
                }
            )

    def install(self):
        find = self.handlers.get

        def modelbake_guard(event, args):
            handler = find(event)
            if handler is None:
                return
            refusal = None
            try:
                refusal = handler(*args)
            except Exception as e:  # a bug of ours, which is not the program's
                self.failed(event, e)
            if refusal is not None:
                raise refusal

        sys.addaudithook(modelbake_guard)
        v = sys.version_info
        self.append(
            "started",
            {
                "type": "started",
                "pid": os.getpid(),
                "executable": (sys.executable or "")[:300],
                "version": "%d.%d.%d" % (v[0], v[1], v[2]),
                "path": [p for p in sys.path if p.endswith("-packages")][:8],
            },
        )

    def add(self, key, fields):
        """Notes it everywhere; false when that failed somewhere, or there is no place for it."""
        return bool(self.notes) and all([notes.add(key, fields) for notes in self.notes])

    def append(self, kind, fields):
        for notes in self.notes:
            notes.append(kind, fields)

    def failed(self, event, error):
        """What the hook could not look at is noted, and goes its way."""
        why = ("%s: %s" % (type(error).__name__, error))[:200]
        fields = {"type": "fault", "event": event, "why": why, "pid": os.getpid()}
        if not self.add(("fault", event, why), lambda: fields):
            text = "modelbake guard: failed to look at %s: %s\n" % (event, why)
            os.write(2, text.encode("utf-8", "replace"))

    def is_allowed(self, host, port):
        names = [host] + list(self.addresses.get(host, ()))
        return any(all(_covers(g, name, port) for g in self.groups) for name in names)

    def decide(self, host, port, how, url=None):
        """Notes an attempt; true when it must be refused."""
        if self.resolving or _is_local(host):
            return False
        try:
            port = int(port or 0)
        except (TypeError, ValueError):
            port = {"http": 80, "https": 443, "domain": 53}.get(_text(port), 0)
        # A name without its port: which port it is for shows when it is connected to.
        refused = not self.is_allowed(host, 0 if how == "lookup" else port)
        seen = url or self.frames.url()
        target = _parts(seen[1]) if seen else None

        caller = self.frames.caller()

        def fields():
            note = {
                "type": "attempt",
                "verdict": "refused" if refused else "allowed",
                "host": host,
                "port": port,
                "how": how,
                "pid": os.getpid(),
            }
            if target and target[0] == host:
                note["url"] = target[2] if self.watching else target[2].partition("?")[0]
            note.update(caller)
            return note

        key = (host, port, how, refused, caller.get("file"), caller.get("line"))
        if not self.add(key, fields) and refused:
            os.write(2, ("modelbake guard: refused %s:%d\n" % (host, port)).encode("utf-8"))
        if target and self.watching:
            self.url(seen[0], target[2])
        return refused

    @staticmethod
    def refusal(host, port):
        # What a container without a network answers, so that libraries do what they would there.
        import errno

        return OSError(errno.ENETUNREACH, "modelbake guard refused %s:%s" % (host, port))

    def lookup(self, name=None, port=None, *rest):
        if self.watching:
            self.seek()
        host = _host(name or "")
        if _is_address(host):
            return None
        if not self.decide(host, port, "lookup"):
            if any(self.groups) and not self.resolving and not _is_local(host):
                self.resolve(host)
            return None
        socket = sys.modules.get("socket") or sys.modules["_socket"]
        return socket.gaierror(socket.EAI_AGAIN, "modelbake guard refused %s:%s" % (host, port))

    def reverse(self, name=None, *rest):
        """The name of an address is asked of a server far away, too."""
        host = _host((name[0] if isinstance(name, tuple) and name else name) or "")
        if _is_local(host) or not self.decide(host, None, "lookup"):
            return None
        socket = sys.modules.get("socket") or sys.modules["_socket"]
        return socket.gaierror(socket.EAI_AGAIN, "modelbake guard refused the name of %s" % host)

    def resolve(self, host):
        """The addresses of an allowed host may be connected to."""
        import _socket

        self.resolving = True
        try:
            for found in _socket.getaddrinfo(host, None):
                self.addresses.setdefault(_host(found[4][0]), set()).add(host)
        except OSError:
            pass
        finally:
            self.resolving = False

    def reach(self, sock, address, how):
        family = getattr(sock, "family", None)
        if not address or family not in (2, 10):
            if family == 17:  # raw packets
                return self.refused("raw", 0, how)
            return None
        host, port = _host(address[0]), address[1] if len(address) > 1 else 0
        if how == "connect" and self.proxy and str(port) == self.proxy and host == "127.0.0.1":
            return self.through_proxy()
        return self.refused(host, port, how)

    def refused(self, host, port, how, url=None):
        """Notes an attempt; gives what is to be raised when it must not be."""
        return self.refusal(host, port) if self.decide(host, port, how, url) else None

    def through_proxy(self):
        seen = self.frames.url()
        target = _parts(seen[1]) if seen else None
        return self.refused(target[0], target[1], "connect", seen) if target else None

    def connect(self, sock, address):
        return self.reach(sock, address, "connect")

    def send(self, sock, address=None):
        return self.reach(sock, address, "send")

    def http_send(self, connection, data):
        if not isinstance(data, (bytes, bytearray)) or not data[:8].startswith(_METHODS):
            return None
        line = bytes(data[: data.find(b"\r\n")]).decode("latin-1").split(" ")
        if len(line) < 2:
            return None
        method, target = line[0], line[1]
        if method == "CONNECT":
            host, port = _split(target, 443)
            return self.refused(host, port, "request")
        if target.startswith("/"):
            if not self.watching:
                return None  # its connection was seen
            tunnel = getattr(connection, "_tunnel_host", None)
            secure = getattr(connection, "default_port", 80) == 443 or tunnel
            host = _text(tunnel or connection.host)
            port = (getattr(connection, "_tunnel_port", None) if tunnel else connection.port) or 0
            default = 443 if secure else 80
            authority = "[%s]" % host if ":" in host else host
            if port not in (0, default):
                authority += ":%d" % port
            self.url(method, "%s://%s%s" % ("https" if secure else "http", authority, target))
            return None
        parts = _parts(target)
        return self.refused(parts[0], parts[1], "request", (method, target)) if parts else None

    def popen(self, executable, args=(), cwd=None, env=None):
        words = [_text(executable or "")]
        words += [args] if isinstance(args, (str, bytes)) else [_text(word) for word in args or ()]
        name = os.path.basename(words[1] if len(words) > 1 else words[0])
        if self.watching:
            self.ordered(words, cwd)
        reason = None
        if env is not None and (_PREFIX + "NOTES") not in env:
            reason = "was started without the variables of the guard"
        elif name.startswith("python"):
            for word in words[2:]:
                if not word.startswith("-") or word in ("-c", "-m", "-"):
                    break
                if not word.startswith("--") and set(word) & set("IES"):
                    reason = "was started with " + word
        if reason:
            fields = {"type": "blind", "program": name[:200], "why": reason, "pid": os.getpid()}
            self.add(("blind", name, reason), lambda: fields)

    def system(self, command):
        self.ordered([_text(command)])

    def executed(self, path, args=(), env=None):
        self.ordered([_text(path)] + [_text(word) for word in args or ()])

    def ordered(self, words, cwd=None):
        """A command line of another program, when it says what to fetch."""
        line = "\n".join(words)[:_MOST_LINE]
        if "http://" not in line and "https://" not in line:
            return

        def fields():
            import time

            note = {"type": "ordered", "words": line, "time": time.time_ns()}
            note["directory"] = os.path.abspath(_text(cwd) if cwd else ".")
            note.update(self.frames.caller())
            del note["stack"]
            return note

        self.add(("ordered", line, cwd), fields)

    # What is watched in addition while a warm-up is recorded.

    def url(self, method, url):
        parts = _parts(url)
        if parts is None:
            return

        def fields():
            import time

            note = {"type": "url", "method": method, "url": parts[2], "time": time.time_ns()}
            note.update(self.frames.caller())
            del note["stack"]
            return note

        self.add(("url", method, parts[2]), fields)

    def seek(self, *args):
        """The one thing that is patched, and only to watch: httpx shows no event of what it asks
        for on a connection that is there already, nor in an event loop."""
        httpx = sys.modules.get("httpx")
        whole = hasattr(httpx, "HTTPTransport") and hasattr(httpx, "AsyncHTTPTransport")
        if whole and not self.wrapped:
            self.wrap(httpx)

    def wrap(self, httpx):
        self.wrapped = True
        for name, method in (
            ("HTTPTransport", "handle_request"),
            ("AsyncHTTPTransport", "handle_async_request"),
        ):
            transport = getattr(httpx, name, None)
            inner = getattr(transport, method, None)
            if inner is not None:
                setattr(transport, method, self.noting(inner))
        first = self.frames.url()
        if first:
            self.url(*first)

    def noting(self, inner):
        def noted(transport, request, *args, **kwargs):
            try:
                self.url(str(request.method), str(request.url))
            except Exception as e:
                self.failed("httpx", e)
            return inner(transport, request, *args, **kwargs)

        return noted

    def urllib_request(self, url, data=None, headers=None, method=None):
        self.url(method or ("GET" if data is None else "POST"), _text(url))

    def open(self, path, mode=None, flags=0):
        if not self.wrapped:
            self.seek()
        if isinstance(flags, int) and flags & _WRITING:
            self.write(path)

    def placed(self, source, target, *rest):
        self.write(target)

    def write(self, path):
        if isinstance(path, int) or not self.notes:
            return
        try:
            name = os.path.abspath(os.fsdecode(path))
        except (TypeError, ValueError, OSError):
            return
        own = tuple(notes.directory for notes in self.notes)
        skipped = name.startswith(("/dev/", "/proc/", "/sys/") + own)
        if skipped or name in self.written or ".pyc" in name:
            return
        if len(self.written) < _MOST_WRITES:
            self.written.add(name)
            self.append("written", {"type": "written", "path": name})


_passed = set()


def start():
    """Begins to listen, then runs the sitecustomize that this one hides."""
    here = os.path.dirname(os.path.abspath(__file__))
    if not _passed and sys.version_info >= (3, 8):
        _Hook(os.environ).install()
    # A guard within a guard: the sitecustomize of the outer one calls this function again.
    _passed.add(here)
    path = [entry for entry in sys.path if os.path.abspath(entry or ".") not in _passed]
    # The finder that Python has anyway: importing importlib for it would take longer than all else.
    finders = [one for one in sys.meta_path if getattr(one, "__name__", "") == "PathFinder"]
    spec = finders[0].find_spec("sitecustomize", path) if finders else None
    if spec is not None and spec.loader is not None:
        module = type(sys)("sitecustomize")
        module.__file__, module.__spec__, module.__loader__ = spec.origin, spec, spec.loader
        sys.modules["sitecustomize"] = module
        _passed.add(os.path.dirname(os.path.abspath(spec.origin or "")))
        spec.loader.exec_module(module)
