package dev.modelbake.report;

import dev.modelbake.guard.Attempt;
import dev.modelbake.guard.Attempt.Caller;
import dev.modelbake.guard.Attempt.Sight;
import dev.modelbake.guard.Attempt.Verdict;
import dev.modelbake.guard.GuardReport;
import dev.modelbake.guard.Layer;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Reports of guarded commands. */
final class GuardSamples {
  private GuardSamples() {}

  static Attempt attempt(String host) {
    return new Attempt(
        host,
        443,
        Verdict.REFUSED,
        new TreeSet<>(List.of(Sight.LOOKUP, Sight.CONNECT)),
        Optional.of("https://" + host + "/det.onnx"),
        Optional.of(
            new Caller(
                "rapidocr/utils/download_file.py",
                71,
                "download",
                Optional.of("requests"),
                List.of(
                    "requests/api.py:59 request", "rapidocr/utils/download_file.py:71 download"))),
        Optional.of("python (12)"),
        3);
  }

  static GuardReport reachedOut() {
    return report(List.of(attempt("www.modelscope.cn")), Layer.State.ACTIVE);
  }

  static GuardReport reachedOutPastHookAndProxy() {
    Attempt counted =
        new Attempt(
            Attempt.UNKNOWN,
            0,
            Verdict.REFUSED,
            new TreeSet<>(List.of(Sight.KERNEL)),
            Optional.empty(),
            Optional.empty(),
            Optional.of("a program past hook and proxy"),
            2);
    return report(List.of(counted), Layer.State.IDLE);
  }

  static GuardReport reachedOut(int hosts) {
    return report(
        IntStream.range(0, hosts).mapToObj(i -> attempt("host%04d.example".formatted(i))).toList(),
        Layer.State.ACTIVE);
  }

  static GuardReport quiet(Layer.State python) {
    return report(List.of(), python);
  }

  private static GuardReport report(List<Attempt> attempts, Layer.State python) {
    return new GuardReport(
        List.of("python3", "app.py"),
        1,
        Optional.empty(),
        attempts,
        List.of(
            new Layer(Layer.Kind.PYTHON, python, "what the hook did"),
            new Layer(Layer.Kind.PROXY, Layer.State.IDLE, "nobody asked the proxy"),
            new Layer(Layer.Kind.KERNEL, Layer.State.ABSENT, "a route leads out")),
        List.of("node (13) may use no proxy"),
        List.of("sleep (14)"));
  }
}
