package dev.modelbake.report;

import dev.modelbake.model.BakeReport;
import dev.modelbake.model.BakeReport.FileReport;
import dev.modelbake.model.BakeReport.Outcome;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.Candidate.Form;
import dev.modelbake.model.Candidate.Role;
import dev.modelbake.model.CandidateFailure;
import dev.modelbake.model.Compression;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestAlgorithm;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.FileMode;
import dev.modelbake.model.Location;
import dev.modelbake.model.Origin;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedDirectory;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.PlannedFile.State;
import dev.modelbake.model.Problem;
import dev.modelbake.model.Receipt;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.model.Target;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.Unpacking.Archive;
import dev.modelbake.model.Unpacking.Container;
import dev.modelbake.model.Unpacking.Limits;
import dev.modelbake.model.Unpacking.Links;
import dev.modelbake.model.Unpacking.Member;
import dev.modelbake.model.Unpacking.TreePin;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** One of everything that can be printed. */
final class Samples {
  static final String HOSTILE = "\u001b]0;owned\u0007\r\nOK all proven\u202e";
  static final Owner APP = new Owner(1000, 1000);
  static final FileMode FILE = FileMode.parse("0644");
  static final FileMode DIR = FileMode.parse("0755");

  private Samples() {}

  static Digest digest(int seed) {
    return Digest.sha256("%02x".formatted(seed).repeat(32));
  }

  static Candidate candidate(String url, Role role) {
    return new Candidate(SourceUrl.parse(url), role, Form.DOWNLOAD);
  }

  static Location at(int line) {
    return new Location("models.yaml", line, 5);
  }

  static Target target(String path) {
    return new Target.Resolved(Path.of(path), APP, FILE, DIR);
  }

  static PlannedFile file(String name, State state, Unpacking unpacking, Target target) {
    return new PlannedFile(
        name,
        name.substring(0, name.lastIndexOf('/')),
        at(12),
        Optional.of(Descriptor.of(digest(0xa1), 64_040_097)),
        new Origin.Download(
            List.of(
                candidate("https://mirror.example/a?token=secret", Role.SITE_MIRROR),
                candidate("http://dlib.net/files/x.bz2", Role.ORIGIN))),
        unpacking,
        target,
        state);
  }

  static Plan plan() {
    Unpacking stream =
        new Unpacking.Stream(
            Compression.BZ2,
            Optional.of(Descriptor.of(digest(0xb2), 99_693_937)),
            List.of(),
            Limits.DEFAULT);
    PlannedFile unresolved =
        new PlannedFile(
            "rembg/u2net/u2net.onnx",
            "rembg/u2net",
            at(30),
            Optional.empty(),
            new Origin.Download(List.of(candidate("https://host.example/u2net.onnx", Role.ORIGIN))),
            new Unpacking.None(),
            new Target.Unresolved(
                "${U2NET_HOME}/u2net.onnx",
                FailureKind.CONFIGURATION,
                Problem.error(
                    at(28), "unset-variable", "U2NET_HOME is not set", "set it in `env`")),
            State.UNKNOWN);
    PlannedFile kept =
        new PlannedFile(
            "ocr/eng/eng.traineddata",
            "ocr/eng",
            at(40),
            Optional.of(
                new Descriptor(
                    digest(0xc3),
                    OptionalLong.of(4_113_088),
                    List.of(new Digest(DigestAlgorithm.MD5, "0f".repeat(16))))),
            new Origin.Download(
                List.of(candidate("https://host.example/eng.traineddata", Role.ORIGIN))),
            new Unpacking.None(),
            target("/usr/share/tessdata/eng.traineddata"),
            State.PRESENT);
    return new Plan(
        Path.of("/"),
        List.of(
            file(
                "dlib/shape/shape_predictor_68.dat",
                State.ABSENT,
                stream,
                target("/app/models/shape_predictor_68.dat")),
            unresolved,
            kept,
            file("nltk/stopwords/stopwords", State.WRONG_BYTES, tree(members()), target("/n/s")),
            file("nltk/tagger/tagger", State.WRONG_TYPE, tree(whole()), target("/n/t")),
            file(
                "nltk/punkt/punkt",
                State.WRONG_OWNER_OR_MODE,
                tree(new TreePin.Absent()),
                target("/n/p"))),
        List.of(),
        List.of(
            new Plan.DiskNeed(Path.of("/app"), 256_000_000, 103_200_000_000L),
            new Plan.DiskNeed(Path.of("/n"), 4_200_000_000L, 1_000_000_000L)),
        List.of(Problem.warning(at(2), "self-root", "the files will be root's", "give an owner")));
  }

  /** A cache of the hub, a file in parts, a known text, a directory. */
  static Plan planOfCache() {
    Target cached =
        new Target.Resolved(
            Path.of("/hf/models--o--n/snapshots/c/a"),
            Optional.of(new Target.Cache(Path.of("/hf/models--o--n"), Target.BlobName.GIT)),
            APP,
            FILE,
            DIR);
    List<Origin.Part> parts =
        List.of(
            new Origin.Part(
                "o/n/a (part 1 of 2)",
                Optional.of(Descriptor.of(digest(1), 5)),
                List.of(candidate("http://host.example/1?token=secret", Role.ORIGIN))),
            new Origin.Part(
                "o/n/a (part 2 of 2)",
                Optional.empty(),
                List.of(candidate("https://host.example/2", Role.ORIGIN))));
    return new Plan(
        Path.of("/"),
        List.of(
            planned("o/n/a", new Origin.Parts(parts), cached),
            planned(
                "o/n/refs/main", new Origin.Literal("c"), target("/hf/models--o--n/refs/main"))),
        List.of(
            new PlannedDirectory("o/n/user", "o/n", at(9), target("/hf/user"), State.ABSENT),
            new PlannedDirectory("o/n", "o/n", at(8), target("/hf"), State.WRONG_OWNER_OR_MODE)),
        List.of(),
        List.of());
  }

  private static PlannedFile planned(String name, Origin origin, Target target) {
    return new PlannedFile(
        name,
        "o/n",
        at(7),
        Optional.of(Descriptor.of(digest(3), 9)),
        origin,
        new Unpacking.None(),
        target,
        State.ABSENT);
  }

  private static Unpacking tree(TreePin pin) {
    return new Unpacking.Tree(
        new Archive(Container.TAR, Compression.GZ),
        1,
        List.of("*.txt"),
        pin,
        Links.REFUSED,
        Limits.DEFAULT);
  }

  private static TreePin members() {
    return new TreePin.Members(List.of(new Member("a.txt", Descriptor.of(digest(7), 3))));
  }

  private static TreePin whole() {
    return new TreePin.Whole(digest(8), OptionalInt.of(3), OptionalLong.of(99));
  }

  static Receipt receipt() {
    return new Receipt(
        List.of(
            new Receipt.Entry("/b", "m/b", digest(2), 2, APP, FILE),
            new Receipt.Entry("/a/x", "m/x", digest(1), 1, new Owner(0, 0), FILE)));
  }

  /** Two pointers of a cache to one blob, a link out of an archive, a directory. */
  static Receipt receiptOfCache() {
    String repository = "/hf/models--o--n";
    return new Receipt(
        List.of(
            new Receipt.Entry(
                repository + "/blobs/" + "ab".repeat(32), "m/x", digest(1), 1, APP, FILE),
            new Receipt.Entry("/t/real", "m/t", digest(2), 2, APP, FILE)),
        List.of(
            new Receipt.Link(
                repository + "/snapshots/c/x", "m/x", "../../blobs/" + "ab".repeat(32), APP),
            new Receipt.Link(
                repository + "/snapshots/c/y", "m/y", "../../blobs/" + "ab".repeat(32), APP),
            new Receipt.Link("/t/link", "m/t", "real", APP)),
        List.of(new Receipt.Directory("/hf/user", "m/user", APP, FileMode.parse("2775"))));
  }

  static CandidateFailure failure(String url, FailureKind kind, String what) {
    return new CandidateFailure(candidate(url, Role.ORIGIN), kind, what, Optional.empty());
  }

  static BakeReport report() {
    CandidateFailure wrong =
        new CandidateFailure(
            candidate("https://liar.example/b?sig=secret", Role.MIRROR),
            FailureKind.INTEGRITY,
            "an HTML page",
            Optional.of(digest(9)));
    return new BakeReport(
        Instant.parse("2026-11-20T10:00:00.250Z"),
        Duration.ofMillis(1234),
        List.of(
            new FileReport(
                "m/b",
                Outcome.FETCHED,
                Optional.of(candidate("https://host.example/b", Role.ORIGIN)),
                7,
                Duration.ofMillis(900),
                List.of(wrong),
                Optional.empty()),
            new FileReport(
                "m/c",
                Outcome.FAILED,
                Optional.empty(),
                5,
                Duration.ZERO,
                List.of(),
                Optional.of("no"))),
        receipt(),
        Optional.of(FailureKind.UNAVAILABLE),
        List.of(Problem.warning(Location.of("--mirror"), "slow", "a", "b")));
  }
}
