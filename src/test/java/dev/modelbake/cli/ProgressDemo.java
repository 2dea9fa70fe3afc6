package dev.modelbake.cli;

import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.Candidate.Form;
import dev.modelbake.model.Candidate.Role;
import dev.modelbake.model.CandidateFailure;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.FetchException;
import dev.modelbake.model.SourceUrl;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Plays a made-up run, so that a person can look at each form of progress:
 *
 * <pre>java -cp target/classes:target/test-classes dev.modelbake.cli.ProgressDemo tty 0 auto</pre>
 */
final class ProgressDemo {
  private static final String[] FILES = {
    "dlib/shape-predictor-68/shape_predictor_68_face_landmarks.dat",
    "sentence-transformers/all-MiniLM-L6-v2/model.safetensors",
    "rembg/u2net_human_seg/u2net_human_seg.onnx",
    "ocr/日本語/jpn.traineddata",
    "silero/vad/silero_vad.onnx",
    "nltk/stopwords/stopwords",
  };
  private static final long[] SIZES = {
    64_040_097, 90_868_376, 175_997_641, 4_113_088, 2_327_524, 34_276
  };

  private final BakeListener listener;
  private final int speed;

  private ProgressDemo(BakeListener listener, int speed) {
    this.listener = listener;
    this.speed = speed;
  }

  public static void main(String[] args) throws InterruptedException {
    Map<String, String> environment = System.getenv();
    Terminal terminal = Terminal.ofStandardError(environment);
    ProgressMode mode = ProgressMode.valueOf(args[0].toUpperCase(java.util.Locale.ROOT));
    Colors colors = Colors.valueOf(args[2].toUpperCase(java.util.Locale.ROOT));
    Verbosity verbosity = Verbosity.ofCount(Integer.parseInt(args[1]));
    Progress.Wish wish =
        new Progress.Wish(mode, verbosity, Style.of(colors, terminal, environment));
    Output output = Output.standardError(environment);
    int speed = args.length > 3 ? Integer.parseInt(args[3]) : 20_000_000;
    try (Progress progress = Progress.of(wish, output, terminal, System::nanoTime)) {
      new ProgressDemo(progress, speed).run();
    }
    output.check();
  }

  private void run() throws InterruptedException {
    long start = System.nanoTime();
    listener.on(new BakeEvent.Planned(7, 1, 337_380_000));
    listener.on(new BakeEvent.Kept("ocr/eng/eng.traineddata"));
    listener.on(new BakeEvent.Notice("the store /cache is not writable and is left out"));
    ExecutorService pool = Executors.newFixedThreadPool(3);
    for (int i = 0; i < FILES.length; i++) {
      int index = i;
      pool.execute(() -> fetch(index));
    }
    pool.shutdown();
    pool.awaitTermination(1, TimeUnit.HOURS);
    listener.on(new BakeEvent.Finished(6, 1, Duration.ofNanos(System.nanoTime() - start)));
  }

  private void fetch(int index) {
    String file = FILES[index];
    OptionalLong size = OptionalLong.of(SIZES[index]);
    if (index % 2 == 0) {
      Candidate dead = candidate("https://mirror.example/models/" + index);
      listener.on(new BakeEvent.Fetching(file, dead, size));
      pause(700);
      listener.on(new BakeEvent.Retrying(file, dead, 1, Duration.ofSeconds(2), "502 Bad Gateway"));
      pause(2000);
      listener.on(new BakeEvent.CandidateFailed(file, refused(dead)));
    }
    Candidate origin = candidate("https://host" + index + ".example/" + file.hashCode());
    listener.on(new BakeEvent.Fetching(file, origin, size));
    for (long bytes = 0; bytes < SIZES[index]; bytes += speed / 20) {
      listener.on(new BakeEvent.Received(file, bytes, bytes));
      pause(50);
    }
    if (index == 4) {
      CandidateFailure failure = refused(origin);
      listener.on(new BakeEvent.CandidateFailed(file, failure));
      listener.on(
          new BakeEvent.Failed(
              file, new FetchException(file, "no source has it", "add one", List.of(failure))));
      return;
    }
    Descriptor pin = Descriptor.of(Digest.OF_NOTHING, SIZES[index]);
    listener.on(new BakeEvent.Verified(file, origin, pin));
    if (index == 0 || index == 5) {
      listener.on(new BakeEvent.Unpacking(file));
      pause(3000);
      listener.on(new BakeEvent.Unpacked(file, index == 0 ? 1 : 27, SIZES[index] * 3 / 2));
    }
  }

  private static Candidate candidate(String url) {
    return new Candidate(SourceUrl.parse(url), Role.ORIGIN, Form.DOWNLOAD);
  }

  private static CandidateFailure refused(Candidate candidate) {
    return new CandidateFailure(
        candidate, FailureKind.TEMPORARY, "connection refused", Optional.empty());
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
