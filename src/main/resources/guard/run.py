

# ---- Run a command, without any other part of modelbake.

_SIGNALS = "HUP INT TERM QUIT USR1 USR2 WINCH ALRM CONT TSTP".split()
_STRENGTH = ["nothing", "evidence", "proof"]
_MORE = {
    "evidence": "run it without a network: there the kernel counts what neither hook nor proxy sees",
    "proof": "run it without a network, with loopback up and without --allow",
}
_MOST_LINES = 100
_LONGEST = 300


class _Fault(Exception):
    """What ends a run before it begins: an exit code, and what is wrong."""


class _Proxy(object):
    """A proxy on loopback: names what it is asked for, refuses, lets through what is allowed."""

    def __init__(self, rules):
        import socketserver
        import threading

        owner = self
        self.rules, self.counts, self.lock = rules, {}, threading.Lock()

        class Handler(socketserver.StreamRequestHandler):
            timeout = 10
            rbufsize = 0  # what follows the head is not ours

            def handle(self):
                try:
                    owner._serve(self.connection, self.rfile)
                except (OSError, ValueError):
                    pass  # the client went away, or is none

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            request_queue_size = 100

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]

    def begin(self):
        import threading

        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _serve(self, client, head):
        words = head.readline(8192).decode("latin-1").split()
        fields = []
        for _ in range(_MOST_LINES):
            line = head.readline(8192)
            if not line.strip():
                break
            fields.append(line)
        known = _parts(words[1])
        host, port = known[:2] if known else _split(words[1], 443)
        allowed = _is_local(host) or _covers(self.rules, host, port)
        if not _is_local(host):
            key = (host, port, "allowed" if allowed else "refused")
            with self.lock:
                self.counts[key] = self.counts.get(key, 0) + 1
        if not allowed:
            self._answer(client, "403 Forbidden", "modelbake guard refused %s:%d\n" % (host, port))
            return
        import socket

        try:
            out = socket.create_connection((host, port), 30)
        except OSError:
            self._answer(client, "502 Bad Gateway", "modelbake guard could not reach %s\n" % host)
            return
        with out:
            if words[0] == "CONNECT":
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            else:
                kept = [f for f in fields if not f.lower().startswith((b"connection:", b"proxy-"))]
                path = words[1].partition("://")[2].partition("/")[2].partition("#")[0]
                line = "%s /%s HTTP/1.1\r\n" % (words[0], path)
                out.sendall(line.encode("latin-1") + b"".join(kept) + b"Connection: close\r\n\r\n")
            self._carry(client, out)

    @staticmethod
    def _answer(client, status, text):
        head = "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nConnection: close\r\n" % status
        body = text.encode("utf-8")
        client.sendall(head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    @staticmethod
    def _carry(client, out):
        import socket
        import threading

        def pump(source, target):
            try:
                for data in iter(lambda: source.recv(65536), b""):
                    target.sendall(data)
                target.shutdown(socket.SHUT_WR)
            except OSError:
                pass

        client.settimeout(None)
        out.settimeout(None)
        up = threading.Thread(target=pump, args=(client, out), daemon=True)
        up.start()
        pump(out, client)


class _Family(object):
    """The processes of a command: descendants, and whoever carries its mark in the environment."""

    def __init__(self, mark):
        self.mark = mark.encode()
        self.before = set(self._descendants())
        try:
            import ctypes

            self.libc = ctypes.CDLL(None)
            self.libc.prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: orphans become our children
        except (ImportError, OSError, AttributeError):
            self.libc = None

    def die_with_us(self):
        """For the new process, before it becomes the command."""
        if self.libc:
            self.libc.prctl(1, 9, 0, 0, 0)  # PR_SET_PDEATHSIG: SIGKILL

    @staticmethod
    def _descendants():
        parents = {}
        for name in os.listdir("/proc") if os.path.isdir("/proc") else []:
            try:
                with open("/proc/%s/stat" % int(name), "rb") as stat:
                    words = stat.read().rpartition(b")")[2].split()
                parents[int(name)] = 0 if words[0] == b"Z" else int(words[1])
            except (OSError, ValueError, IndexError):
                pass
        found, new = set(), {os.getpid()}
        while new:
            new = {one for one, parent in parents.items() if parent in new} - found
            found |= new
        return found

    def living(self):
        found = self._descendants() - self.before
        for name in os.listdir("/proc") if os.path.isdir("/proc") else []:
            try:
                with open("/proc/%d/environ" % int(name), "rb") as environ:
                    if int(name) != os.getpid() and self.mark in environ.read():
                        found.add(int(name))
            except (OSError, ValueError):
                pass
        return found

    def _none(self, seconds):
        import time

        end = time.monotonic() + seconds
        while self.living():
            if time.monotonic() > end:
                return False
            time.sleep(0.01)
            self._bury()
        return True

    @staticmethod
    def _bury():
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except OSError:
            pass

    def end(self):
        """Ends whoever is left: a moment to end by itself, then SIGTERM, then SIGKILL."""
        import signal

        if self._none(0.5):
            return []
        names = []
        for pid in sorted(self.living()):
            try:
                names.append("%s (%d)" % (os.path.basename(os.readlink("/proc/%d/exe" % pid)), pid))
            except OSError:
                names.append("a process (%d)" % pid)
        for number in (signal.SIGTERM, signal.SIGKILL):
            for pid in self.living():
                try:
                    os.kill(pid, number)
                except OSError:
                    pass
            if self._none(2):
                break
        self._bury()
        return names


class _Kernel(object):
    """What the kernel says of ways out, and of packets that found none."""

    def __init__(self):
        self.ways, self.count, self.loopback, self.six = None, None, False, False
        try:
            with open("/proc/net/route") as lines:
                ways = {line.split()[0] for line in list(lines)[1:] if line.strip()}
            ways |= {line.split()[-1] for line in self._lines("ipv6_route")}
            self.ways = sorted(ways - {"lo"})
            names, values = [one.split() for one in self._lines("snmp") if one.startswith("Ip: ")]
            self.count = int(dict(zip(names, values))["OutNoRoutes"])
            for line in self._lines("snmp6"):
                if line.startswith("Ip6OutNoRoutes"):
                    self.count += int(line.split()[1])
        except (OSError, ValueError, KeyError, IndexError):
            pass
        self.six = bool(self._lines("if_inet6"))
        try:
            import fcntl
            import socket
            import struct

            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
                flags = fcntl.ioctl(s, 0x8913, struct.pack("16sh22x", b"lo", 0))  # SIOCGIFFLAGS
            self.loopback = bool(struct.unpack("16sh22x", flags)[1] & 1)
        except (ImportError, OSError):
            pass

    @staticmethod
    def _lines(name):
        try:
            with open("/proc/net/" + name) as lines:
                return [line for line in lines if line.strip()]
        except OSError:
            return []

    def proves(self):
        return self.ways == [] and self.count is not None and self.loopback

    def says(self):
        if self.ways is None:
            return "the routes cannot be read"
        if self.ways:
            return "a route leads out, through " + ", ".join(self.ways)
        if not self.loopback:
            return (
                "no route leads out, but loopback is down: the kernel counts what is meant for"
                " this machine too"
            )
        if self.count is None:
            return "no route leads out, but the kernel does not count who tries"
        six = "" if self.six else "; IPv6 is off here and not counted"
        return "no route leads out of here, and the kernel counts who tries" + six

    def remedy(self):
        """What would make it worth more; None when it proves."""
        if self.proves():
            return None
        if self.ways is None:
            return "mount /proc"
        if self.ways:
            return "run it without a network, as `docker run --network none` does"
        if not self.loopback:
            return "set loopback up, with `ip link set lo up`"
        return "run it where /proc/net/snmp has OutNoRoutes"


def _hide(words):
    """A command line without what may be a secret: reports of builds are read by many."""
    import re

    names = r"token|secret|passw(?:or)?d|passphrase|credential"
    option = re.compile(
        r"(?i)-[uHb]|--(?:user|proxy-user|header|cookie|oauth2-bearer|[a-z0-9-]*(?:%s|key))" % names
    )
    told, hide = [], False
    for word in words:
        plain = re.sub(r"://[^/\s@]*@", "://", word)
        plain = re.sub(r"(://[^\s?#]*)[?#]\S*", "\\1?\u2026", plain)
        header = r"(?i)((?:proxy-)?authorization|cookie|[a-z-]*(?:token|key|secret|auth)[a-z-]*):.*"
        plain = re.sub(header, "\\1: \u2026", plain, count=1)
        setting = r"(?i)([a-z0-9_.-]*(?:%s|api[-_]?key)[a-z0-9_.-]*)=.*" % names
        plain = re.sub(setting, "\\1=\u2026", plain, count=1)
        told.append("\u2026" if hide else plain)
        hide = bool(option.fullmatch(word))
    return told


def _printable(text):
    text = "".join(c if c.isprintable() else "\\x%02x" % ord(c) for c in text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "\u2026"


class _Run(object):
    """One command under guard, and what was seen of it."""

    def __init__(self, options):
        self.options = options
        self.fault, self.exit, self.ended = None, 0, []
        self.notes, self.started, self.faults, self.lost = [], [], [], 0
        self.before = _Kernel()
        self.directory = self._directory()
        try:
            self.proxy = _Proxy(options.rules)
        except OSError:
            self.proxy = None  # loopback is down

    @staticmethod
    def _directory():
        """A directory with the hook and a place for its notes; None when there is no place."""
        import shutil
        import tempfile

        made = None
        try:
            made = tempfile.mkdtemp(prefix="modelbake-guard-")
            _hold(made)
            _sweep(os.path.dirname(made), made)
            os.chmod(made, 0o755)  # the command may change to another user
            for name, mode in (("hook", 0o755), ("notes", 0o1777)):
                os.mkdir(os.path.join(made, name))
                os.chmod(os.path.join(made, name), mode)
            hook = os.path.join(made, "hook", "modelbake_guard.py")
            with open(os.path.abspath(__file__), encoding="utf-8") as own, open(hook, "w") as out:
                out.write(own.read().partition("\n# ---- Run a command")[0] + "\n")
            site = os.path.join(made, "hook", "sitecustomize.py")
            with open(site, "w") as out:
                out.write("import modelbake_guard\nmodelbake_guard.start()\n")
            for file in (hook, site):
                os.chmod(file, 0o644)
            return made
        except OSError:
            shutil.rmtree(made or "", ignore_errors=True)
            return None

    def require(self):
        """Fails when what is asked for cannot be had, before anything runs."""
        wanted = self.options.require
        if wanted == "proof" and not self.before.proves():
            raise _Fault(
                78,
                "--require proof \u2013 %s \u2013 %s" % (self.before.says(), self.before.remedy()),
            )
        offered = self.directory or self.proxy or self.before.proves()
        if wanted == "evidence" and not offered:
            raise _Fault(
                78,
                "--require evidence \u2013 neither hook nor proxy can be set up"
                " \u2013 give it a temporary directory, or a loopback that is up",
            )

    def _environment(self, mark):
        env = dict(os.environ)
        env[mark] = "1"
        if self.directory:
            outer = [env.get(_PREFIX + "NOTES", "")]
            notes = os.path.join(self.directory, "notes")
            env[_PREFIX + "NOTES"] = ":".join([notes] + [o for o in outer if o])
            around = ";" + env.get(_PREFIX + "ALLOW", "") if outer[0] else ""
            env[_PREFIX + "ALLOW"] = ",".join(self.options.allow) + around
            env[_PREFIX + "MODE"] = "refuse"
            path = [os.path.join(self.directory, "hook"), env.get("PYTHONPATH", "")]
            env["PYTHONPATH"] = os.pathsep.join(p for p in path if p)
        if self.proxy:
            env[_PREFIX + "PROXY"] = str(self.proxy.port)
            for name in ("http_proxy", "https_proxy", "all_proxy"):
                env[name] = env[name.upper()] = "http://127.0.0.1:%d" % self.proxy.port
            env["NODE_USE_ENV_PROXY"] = "1"
            env["no_proxy"] = env["NO_PROXY"] = "localhost,127.0.0.1,::1"
        return env

    def run(self):
        import shutil

        try:
            self._start()
            if self.directory:
                try:
                    self._read(os.path.join(self.directory, "notes"))
                except OSError:
                    self.lost += 1  # the command took its notes away
        finally:
            if self.directory:
                shutil.rmtree(self.directory, ignore_errors=True)
        self.after = _Kernel()
        self.attempts = self._attempts()

    def _start(self):
        import signal
        import subprocess

        mark = _PREFIX + "RUN_%d_%s" % (os.getpid(), os.urandom(4).hex())
        family = _Family(mark)
        early, child = [], None

        def hand_on(number, frame):
            if child is None:
                early.append(number)
                return
            if not (number in keyboard and self._is_foreground()):
                child.send_signal(number)
            if number == signal.SIGTSTP:
                os.kill(os.getpid(), signal.SIGSTOP)

        keyboard = {signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, signal.SIGWINCH}
        for name in _SIGNALS:
            number = getattr(signal, "SIG" + name)
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, hand_on)
        command = self.options.command
        try:
            child = subprocess.Popen(
                command, env=self._environment(mark), preexec_fn=family.die_with_us
            )
        except (OSError, ValueError, subprocess.SubprocessError) as e:
            name, path = command[0], os.environ.get("PATH", "").split(":")
            places = [""] if "/" in name else path
            there = name and any(os.path.exists(os.path.join(p, name)) for p in places)
            self.exit = 126 if there else 127
            why = getattr(e, "strerror", None) or str(e)
            if isinstance(e, FileNotFoundError):
                why = "the interpreter in its first line is not there"
            self.fault = why if there else "there is no such command"
            return
        for number in early:
            child.send_signal(number)
        if self.proxy:
            self.proxy.begin()
        code = child.wait()
        self.exit = 128 - code if code < 0 else code
        self.ended = family.end()

    @staticmethod
    def _is_foreground():
        """A terminal sends what its keys mean to the whole group, the command too."""
        try:
            with open("/proc/self/stat") as stat:
                words = stat.read().rpartition(")")[2].split()
            return words[4] != "0" and words[2] == words[5]
        except (OSError, IndexError):
            return False

    def _read(self, directory):
        import json

        for name in sorted(os.listdir(directory)):
            file = os.path.join(directory, name)
            if os.path.islink(file) or not os.path.isfile(file):
                continue
            with open(file, "rb") as lines:
                for line in lines:
                    try:
                        note = json.loads(line.decode("ascii"))
                        if note["type"] == "started":
                            self.started.append((note["version"], note["executable"]))
                        elif note["type"] == "fault":
                            self.faults.append("%(event)s (%(why)s)" % note)
                        elif note["type"] in ("attempt", "blind", "more"):
                            note["key"] = (
                                note.get("host", ""),
                                note.get("port", 0),
                                note.get("verdict", ""),
                                "%s:%s" % (note["file"], note["line"])
                                if "file" in note
                                else "python (%s)" % note.get("pid"),
                            )
                            self.notes.append(note)
                    except (ValueError, KeyError, TypeError):
                        self.lost += 1  # cut by a kill, or written by somebody else

    def _attempts(self):
        merged = {}
        for note in self.notes:
            if note["type"] != "attempt":
                continue
            if note["key"] not in merged:
                one = {"host": note["host"], "port": note["port"], "verdict": note["verdict"]}
                one["ways"] = {}
                one["program"] = "python (%s)" % note.get("pid")
                if "file" in note:
                    names = ("file", "line", "function", "through", "stack")
                    one["caller"] = {n: note[n] for n in names if n in note}
                merged[note["key"]] = one
            one = merged[note["key"]]
            one["ways"][note["how"]] = one["ways"].get(note["how"], 0) + note["count"]
            if "url" in note:
                one.setdefault("url", note["url"])
        for (host, port, verdict), count in self.proxy.counts.items() if self.proxy else ():
            # What the hook let pass went on to the proxy: it is the same request.
            same = [k for k in merged if k[:3] == (host, port, verdict)]
            known = sum(max(merged[k]["ways"].values()) for k in same if verdict == "allowed")
            for key in same if known else ():
                merged[key]["ways"]["proxy"] = 0
            if count > known:
                one = {"host": host, "port": port, "verdict": verdict}
                one.update(ways={"proxy": count - known}, program="a program")
                merged[(host, port, verdict, "")] = one
        packets = self._packets()
        if packets and not self._is_mixed():
            one = {"host": "unknown", "port": 0, "verdict": "refused", "ways": {"kernel": packets}}
            one["program"] = "a program past hook and proxy"
            merged["kernel"] = one
        order = ["lookup", "connect", "send", "request", "proxy", "kernel"]
        attempts = []
        for one in merged.values():
            ways = one.pop("ways")
            one["seen"] = sorted(ways, key=order.index)
            one["count"] = max(1, max(ways.values()))
            if not one["port"]:
                del one["port"]
            attempts.append(one)

        def place(one):
            caller = one.get("caller", {"file": "", "line": 0})
            return (
                one["verdict"] != "refused",
                one["host"],
                one.get("port", 0),
                caller["file"],
                caller["line"],
                one["program"],
            )

        return sorted(attempts, key=place)

    def _packets(self):
        proves = self.before.proves() and self.after.proves()
        return max(0, self.after.count - self.before.count) if proves else 0

    def _is_mixed(self):
        """Whether nobody can tell if something reached for a host that is not allowed."""
        return bool(self._packets()) and any(not _is_local(name) for name, _ in self.options.rules)

    def layers(self):
        if not self.directory:
            hook = ("absent", "no directory for the hook could be made")
        elif not self.started:
            hook = ("idle", "the hook started in no Python")
        elif self.faults:
            text = "the hook failed to look at what a Python did, which is a bug in it"
            hook = ("absent", text)
        else:
            count = len(self.started)
            versions = ", ".join(sorted({"%s (%s)" % one for one in self.started}))
            noun = "Python" if count == 1 else "Pythons"
            hook = ("active", "the hook started in %d %s: %s" % (count, noun, versions))
        asked = sum(self.proxy.counts.values()) if self.proxy else 0
        if not self.proxy:
            proxy = ("absent", "no port on loopback could be listened on")
        elif not asked:
            proxy = ("idle", "nobody asked the proxy")
        else:
            times = "time" if asked == 1 else "times"
            proxy = ("active", "the proxy was asked %d %s" % (asked, times))
        source = self.before if not self.before.proves() else self.after
        remedy = " (for proof: %s)" % source.remedy() if source.remedy() else ""
        kernel = ("active" if source.proves() else "absent", source.says() + remedy)
        if self._is_mixed():
            text = (
                "no route leads out of here, so nothing left this machine; but packets tried, and"
                " the kernel does not tell those to allowed hosts from others (for proof: run it"
                " without --allow)"
            )
            kernel = ("absent", text)
        named = zip(("python", "proxy", "kernel"), (hook, proxy, kernel))
        return [{"layer": name, "state": s, "says": says} for name, (s, says) in named]

    def unseen(self):
        told = ["%s %s" % (n["program"], n["why"]) for n in self.notes if n["type"] == "blind"]
        more = sum(note["count"] for note in self.notes if note["type"] == "more")
        if more:
            text = "%d attempts more: of each process the first %d different ones are told"
            told.append(text % (more, _MOST_NOTES))
        if self.lost:
            told.append("%d notes of the hook that cannot be read" % self.lost)
        told += ["what a Python did when the hook failed: " + one for one in self.faults]
        if self._is_mixed():
            text = "where %d packets that found no route were to go: to allowed hosts, or to others"
            told.append(text % self._packets())
        return sorted(set(told))

    def report(self):
        layers = self.layers()
        states = [layer["state"] for layer in layers]
        worth = "proof" if states[2] == "active" else "evidence" if "active" in states else "nothing"
        report = {"schema": "modelbake-guard/1", "command": _hide(self.options.command)}
        report["exit"] = self.exit
        if self.fault:
            report["fault"] = self.fault
        refused = [one["count"] for one in self.attempts if one["verdict"] == "refused"]
        report.update(worth=worth, refused=sum(refused), attempts=self.attempts, layers=layers)
        report.update(unseen=self.unseen(), ended=self.ended)
        return report


def _target(one):
    if one["host"] == "unknown":
        return "a place that only the kernel saw"
    host = "[%s]" % one["host"] if ":" in one["host"] else one["host"]
    return "%s:%d" % (host, one["port"]) if "port" in one else host


def _tell(report, options):
    """What people read; the cause stands in the last lines."""
    lines, command = [], _printable(report["command"][0])
    if "fault" in report:
        remedy = "check the name and PATH"
        if report["exit"] != 127:
            remedy = "check its mode (chmod +x), its first line and what machine it is for"
        text = "error: running %s \u2013 %s \u2013 %s"
        return [_printable(text % (command, report["fault"], remedy))]
    refused = [one for one in report["attempts"] if one["verdict"] == "refused"]
    for one in report["attempts"][:_MOST_LINES]:
        caller = one.get("caller")
        who = "%s:%s" % (caller["file"], caller["line"]) if caller else one["program"]
        if caller and "through" in caller:
            who += ", through " + caller["through"]
        times = "" if one["count"] == 1 else ", %d times" % one["count"]
        seen = ", ".join(one["seen"])
        lines.append("%s %s%s: %s (%s)" % (one["verdict"], _target(one), times, who, seen))
        if options.verbose:
            lines += ["    " + one["url"]] if "url" in one else []
            lines += ["    " + frame for frame in (caller or {}).get("stack", ())]
    if len(report["attempts"]) > _MOST_LINES:
        lines.append("and %d more, in the report" % (len(report["attempts"]) - _MOST_LINES))
    if not options.quiet:
        lines += ["left behind by the command, and ended: " + one for one in report["ended"]]
        lines += ["not seen: " + one for one in report["unseen"]]
        lines += ["layer %(layer)s %(state)s: %(says)s" % one for one in report["layers"]]
        if not refused:
            known = "only allowed hosts were reached for"
            known = known if report["attempts"] else "no attempt was seen"
            lines.append("%s; the command ended with %d" % (known, report["exit"]))
        lines.append(
            {
                "proof": "proof: no route leads out of here, so nothing left this machine",
                "evidence": "evidence, not proof: what passes by hook and proxy is not seen",
                "nothing": "nothing is known: no layer looked at this command",
            }[report["worth"]]
        )
    if refused:
        hosts = list(dict.fromkeys(_target(one) for one in refused))
        others = " and %d more" % (len(hosts) - 3) if len(hosts) > 3 else ""
        remedy = "bake what it fetches, or --allow the host"
        if all(one["host"] == "unknown" for one in refused):
            remedy = "find out where to, with `strace -f -e trace=network`"
        lines.append(
            "error: running %s \u2013 it reached for %s%s, and ended with %d \u2013 %s"
            % (command, ", ".join(hosts[:3]), others, report["exit"], remedy)
        )
    return [_printable(line) for line in lines]


def _hold(directory):
    """A lock, until this process ends, which says that its directory is in use."""
    import fcntl

    fd = os.open(os.path.join(directory, "lock"), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
    fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _sweep(parent, own):
    """Removes what killed guards of this user left; one without a lock only when it is old."""
    import fcntl
    import shutil
    import time

    for name in os.listdir(parent):
        left = os.path.join(parent, name)
        if not name.startswith("modelbake-guard-") or left == own:
            continue
        try:
            known = os.lstat(left)
            if known.st_uid != os.getuid() or not os.path.isdir(left) or os.path.islink(left):
                continue
            try:
                fd = os.open(os.path.join(left, "lock"), os.O_RDWR | os.O_NOFOLLOW)
            except FileNotFoundError:
                if time.time() - known.st_mtime > 3600:
                    shutil.rmtree(left, ignore_errors=True)
                continue
            try:
                fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(fd)
        except OSError:
            pass  # in use, or nobody can tell


def _descriptor(path):
    """The number of an open file that this process was started with; None for other names."""
    for start in ("/dev/fd/", "/proc/self/fd/"):
        if path.startswith(start) and path[len(start) :].isdigit():
            return int(path[len(start) :])
    return {"-": 1, "/dev/stdout": 1, "/dev/stderr": 2}.get(path)


def _put(fd, text):
    data = text.encode("utf-8", "replace")
    while data:
        data = data[os.write(fd, data) :]


def _write(path, text):
    """Writes a report whole; without a text, only looks whether that could be done."""
    fd = _descriptor(path)
    if fd is not None:
        import fcntl

        if not fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE:
            raise OSError("descriptor %d is not open for writing" % fd)
        _put(fd, text or "")
        return
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "w") as out:  # a device or a pipe is not replaced
            out.write(text or "")
        return
    beside = "%s.modelbake-%s" % (path, os.urandom(4).hex())
    try:
        with open(beside, "x", encoding="utf-8") as out:
            out.write(text or "")
        if text is not None:
            os.replace(beside, path)
    finally:
        if os.path.exists(beside):
            os.unlink(beside)


def _report(path, text):
    try:
        _write(path, text)
    except OSError as e:
        raise _Fault(
            74,
            "writing %s \u2013 %s \u2013 name a file in a directory that exists and may be written"
            % (path, e.strerror or e),
        )


def _options(words):
    import argparse

    class Parser(argparse.ArgumentParser):
        def error(self, message):
            raise _Fault(64, message + "\nTry `%s --help`." % self.prog)

    parser = Parser(
        usage="%(prog)s [OPTION]... -- COMMAND...",
        description="Run a command with the network refused, and tell what reached for it. Exit 79"
        " when anything did, else the command's own code.",
        epilog="Three layers look, as in modelbake guard: a hook in Pythons, a proxy, the kernel's"
        " count where no route leads out. This one reaches allowed hosts straight, not through a"
        " proxy that was set before, names no program that asked its proxy, and sees a Python"
        " without the hook only when another Python starts it.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--allow",
        metavar="HOST",
        action="append",
        default=[],
        help="a host that may be reached: HOST, HOST:PORT or *.DOMAIN; repeatable",
    )
    parser.add_argument(
        "--require",
        metavar="WORTH",
        choices=_STRENGTH[1:],
        help="evidence or proof: fail with 78 when less can be had, before the command runs, or"
        " less was had at its end",
    )
    parser.add_argument("--report", metavar="FILE", help="write what was seen as JSON; - is stdout")
    parser.add_argument("--json", action="store_true", help="the same as --report -")
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors")
    parser.add_argument("-v", "--verbose", action="store_true", help="show call stacks")
    parser.add_argument("command", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    if options.command[:1] == ["--"]:
        del options.command[0]
    if not options.command:
        raise _Fault(64, "there is no command \u2013 write %s -- COMMAND" % parser.prog)
    options.rules = []
    for text in options.allow:
        try:
            options.rules.append(_rule(text))
        except ValueError:
            raise _Fault(
                64,
                "reading --allow \u2013 %s is no host \u2013 write HOST, HOST:PORT or *.DOMAIN"
                % _printable(text),
            )
    options.report = options.report or ("-" if options.json else None)
    return options


def _main(words):
    import json

    for fd in (0, 1, 2):
        try:
            os.fstat(fd)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDONLY), True)  # the lowest that is free
    say = lambda text: _put(2, text + "\n")
    run = None
    try:
        options = _options(words)
        if options.report:
            _report(options.report, None)
        run = _Run(options)
        run.require()
        run.run()
        report = run.report()
        code = 79 if report["refused"] else report["exit"]
        try:
            lines = _tell(report, options)
            if lines:
                say("\n".join(lines))
            if options.report:
                _report(options.report, json.dumps(report, indent=2, ensure_ascii=False) + "\n")
        except (OSError, _Fault) as e:
            fault = e if isinstance(e, _Fault) else _Fault(74, "writing standard error")
            if not code:
                raise fault
            # What the command did is graver, or its own: the lost report is told all the same.
            try:
                say("error: " + fault.args[1])
            except OSError:
                pass
        if code:
            sys.exit(code)
        little = _STRENGTH.index(report["worth"]) < _STRENGTH.index(options.require or "nothing")
        if little:
            raise _Fault(
                78,
                "--require %s \u2013 the run gave %s: %s \u2013 %s"
                % (
                    options.require,
                    report["worth"],
                    "; ".join(layer["says"] for layer in report["layers"]),
                    _MORE[options.require],
                ),
            )
    except _Fault as fault:
        if run is not None and run.directory:
            import shutil

            shutil.rmtree(run.directory, ignore_errors=True)
        try:
            say("error: " + fault.args[1])
        except OSError:
            pass
        sys.exit(fault.args[0])


if __name__ == "__main__":
    _main(sys.argv[1:])
