package dev.modelbake.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The script that writes docs/benchmarks.md still does; how fast anything is, is not judged. */
class BenchmarkIT {
  @Test
  @Tag("chaos")
  void everyRowCanBeMeasured() {
    Peers.require("nginx", "curl", "aria2c", "lbzip2", "openssl", "bunzip2");
    Peers.require("docker-registry", "skopeo");
    Peers.requirePython("/usr/bin/python3", "pooch");
    Peers.requirePython("/usr/bin/python3", "torch");
    Program.Ended ended =
        Program.of("src/build/bench/benchmark", "--scale", "0.02", "--runs", "1", "--print").run();
    assertEquals(0, ended.exit(), ended.toString());
    for (String row :
        List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o")) {
      assertTrue(ended.out().contains("| " + row + " | "), ended.toString());
    }
  }
}
