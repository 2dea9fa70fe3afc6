package dev.modelbake.whole;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.Mounts;
import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import dev.modelbake.testing.Program.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network namespace of its own, whose packets the kernel drops, resets or holds back. */
@Tag("chaos")
class NetworkFaultsIT {
  private static final int SIZE = 4 << 20;

  @TempDir Path directory;

  private int port;

  @BeforeEach
  void begin() throws IOException {
    Peers.require("unshare", "iptables", "ip6tables", "tc", "ip", "python3");
    Mounts.asRoot();
    byte[] bytes = new byte[SIZE];
    new Random(1).nextBytes(bytes);
    Files.write(Files.createDirectories(directory.resolve("served")).resolve("m.bin"), bytes);
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
  }

  /** Bakes in a namespace with a server, after some changes to its network. */
  private Ended bake(String network, String urls) throws Exception {
    byte[] bytes = Files.readAllBytes(directory.resolve("served/m.bin"));
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    Files.writeString(
        directory.resolve("models.yaml"),
        """
        schema: modelbake/1
        owner: self
        models:
          - name: m
            dir: %s/out
            files:
              - {%s, sha256: %s, size: %d, path: m.bin}
        """
            .formatted(directory, urls.replace("PORT", Integer.toString(port)), sha256, SIZE));
    Files.writeString(
        directory.resolve("script"),
        """
        set -e
        ip link set lo up mtu 1500
        (cd served && exec python3 -m http.server --bind %s %d >../server.log 2>&1) &
        server=$!
        trap 'kill $server' EXIT
        until (exec 3<>/dev/tcp/%s/%d) 2>/dev/null; do sleep 0.1; done
        %s
        "$1" bake --progress plain models.yaml
        """
            .formatted(server(), port, server(), port, network.replace("PORT", "" + port)));
    return Program.of("unshare", "--net", "--mount", "bash", "script", Launcher.PROGRAM)
        .in(directory)
        .with("http_proxy", "")
        .run();
  }

  private static String server() {
    return "127.0.0.1";
  }

  private void assertBaked(Ended ended) throws IOException {
    assertEquals(0, ended.exit(), ended::toString);
    assertArrayEquals(
        Files.readAllBytes(directory.resolve("served/m.bin")),
        Files.readAllBytes(directory.resolve("out/m.bin")));
  }

  @Test
  @FaultCase(4)
  void aConnectionThatIsNeverAnsweredIsLeftForTheNextSource() throws Exception {
    Ended ended =
        bake(
            "iptables -A OUTPUT -d 127.0.0.2 -p tcp --syn -j DROP",
            "url: 'http://127.0.0.2:PORT/m.bin', mirrors: ['http://127.0.0.1:PORT/m.bin']");
    assertBaked(ended);
    assertTrue(ended.err().contains("127.0.0.2"), ended::toString);
  }

  @Test
  @FaultCase(5)
  void brokenIpv6DoesNotKeepFromGoodIpv4() throws Exception {
    Ended ended =
        bake(
            "printf '::1 both.example\\n127.0.0.1 both.example\\n' > hosts;"
                + "mount --bind hosts /etc/hosts;"
                + "ip6tables -A OUTPUT -d ::1 -p tcp --syn -j DROP",
            "url: 'http://both.example:PORT/m.bin'");
    assertBaked(ended);
    assertTrue(!ended.err().contains("attempt"), ended::toString);
  }

  @Test
  @FaultCase(14)
  void lostPacketsMakeItSlowerAndNothingElse() throws Exception {
    assertBaked(
        bake(
            "iptables -A INPUT -i lo -p tcp --dport PORT -m statistic --mode random"
                + " --probability 0.03 -j DROP",
            "url: 'http://127.0.0.1:PORT/m.bin'"));
  }

  @Test
  @FaultCase(15)
  void aNarrowLineIsWaitedFor() throws Exception {
    assertBaked(
        bake(
            "tc qdisc add dev lo root tbf rate 8mbit burst 64kb latency 400ms",
            "url: 'http://127.0.0.1:PORT/m.bin'"));
  }

  @Test
  @FaultCase(9)
  void aConnectionThatIsResetInTheMiddleIsGoneOnWith() throws Exception {
    // The server knows no ranges: it comes from the beginning, once the rule is gone.
    Ended ended =
        bake(
            "iptables -A INPUT -p tcp --sport PORT -m connbytes --connbytes 1000000:"
                + " --connbytes-dir reply --connbytes-mode bytes -j REJECT --reject-with tcp-reset;"
                + "(sleep 3; iptables -F INPUT) &",
            "url: 'http://127.0.0.1:PORT/m.bin'");
    assertBaked(ended);
  }
}
