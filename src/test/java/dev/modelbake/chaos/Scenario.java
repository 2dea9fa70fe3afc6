package dev.modelbake.chaos;

import dev.modelbake.chaos.FaultyOrigin.Act;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;

/**
 * What one seed stands for: files, where they may be had, what their sources do, and what stands on
 * the disk beforehand. The same seed always draws the same.
 */
final class Scenario {
  private static final int MOST_FILES = 5;
  private static final int MOST_SOURCES = 3;
  private static final int[] SIZES = {1, 100, 5_000, 65_536, 200_000};

  /** Large enough for a journal. */
  private static final int LARGE = 9 << 20;

  private final Random random;
  private final Path directory;
  private final List<FaultyOrigin> origins;
  private final List<Wanted> wanted = new ArrayList<>();
  private final List<List<Act>> scripts = new ArrayList<>();
  private final StringBuilder manifest =
      new StringBuilder("schema: modelbake/1\nowner: self\nmodels:\n");
  private final List<Act> acts;
  private boolean someSourceServesAll = true;
  private boolean lies;

  /**
   * Draws.
   *
   * @param directory empty; everything goes below it
   * @param acts what sources may do
   */
  Scenario(long seed, Path directory, List<FaultyOrigin> origins, List<Act> acts)
      throws IOException {
    this.acts = acts;
    this.random = new Random(seed);
    this.directory = directory;
    this.origins = origins;
    int files = 1 + random.nextInt(MOST_FILES);
    for (int i = 0; i < files; i++) {
      model(i);
    }
    Files.createDirectories(out());
    for (Wanted one : wanted) {
      prior(one);
    }
    Files.writeString(manifest(), manifest);
  }

  Path manifest() {
    return directory.resolve("models.yaml");
  }

  /** Below which everything wanted goes. */
  Path out() {
    return directory.resolve("out");
  }

  Path store() {
    return directory.resolve("store");
  }

  List<Wanted> wanted() {
    return wanted;
  }

  /** The rest of the draws, for those who act on it. */
  Random random() {
    return random;
  }

  /** Whether each file has a source which, alone and asked again, is good enough. */
  boolean isPossible() {
    return someSourceServesAll;
  }

  /** Whether some source gives other bytes than it should. */
  boolean hasLies() {
    return lies;
  }

  /** The number of answers at most that faults can cost. */
  int budget() {
    return 40 + 12 * scripts.size() + scripts.stream().mapToInt(List::size).sum() * 4;
  }

  private byte[] bytes(int i) {
    int size = random.nextInt(60) == 0 ? LARGE : SIZES[random.nextInt(SIZES.length)];
    byte[] bytes = new byte[size + i];
    random.nextBytes(bytes);
    return bytes;
  }

  private void model(int i) throws IOException {
    byte[] bytes = bytes(i);
    Path dir = out().resolve("m" + i);
    manifest.append("  - name: chaos/m%d\n    dir: %s\n    files:\n".formatted(i, dir));
    String mode = random.nextInt(4) == 0 ? "0600" : "0644";
    int bits = Integer.parseInt(mode, 8);
    switch (random.nextInt(8)) {
      case 0 -> packed(i, dir, bytes, "gz", GZIPOutputStream::new);
      case 1 -> packed(i, dir, bytes, "bz2", BZip2CompressorOutputStream::new);
      case 2 -> tree(i, dir, bytes);
      case 3 -> {
        String also = random.nextBoolean() ? ", also: [again/b.bin]" : "";
        download(i, bytes, ", path: a.bin, mode: \"%s\"%s".formatted(mode, also));
        wanted.add(new Wanted(dir.resolve("a.bin"), bytes, bits));
        if (!also.isEmpty()) {
          wanted.add(new Wanted(dir.resolve("again/b.bin"), bytes, bits));
        }
      }
      default -> {
        download(i, bytes, ", path: deep/er/a.bin, mode: \"%s\"".formatted(mode));
        wanted.add(new Wanted(dir.resolve("deep/er/a.bin"), bytes, bits));
      }
    }
  }

  private interface Packing {
    OutputStream into(OutputStream out) throws IOException;
  }

  private void packed(int i, Path dir, byte[] bytes, String form, Packing packing)
      throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    // Two streams behind each other are one file.
    int half = bytes.length / 2;
    try (OutputStream out = packing.into(packed)) {
      out.write(bytes, 0, half);
    }
    try (OutputStream out = packing.into(packed)) {
      out.write(bytes, half, bytes.length - half);
    }
    download(
        i,
        packed.toByteArray(),
        ", path: a.bin, unpack: %s, unpacked: {sha256: %s, size: %d}"
            .formatted(form, Oracle.sha256(bytes), bytes.length));
    wanted.add(new Wanted(dir.resolve("a.bin"), bytes, 0644));
  }

  private void tree(int i, Path dir, byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    StringBuilder members = new StringBuilder();
    try (ZipOutputStream zip = new ZipOutputStream(packed)) {
      for (int part = 0; part < 3; part++) {
        byte[] of = new byte[bytes.length / 3 + part];
        random.nextBytes(of);
        String name = "top/" + (part == 0 ? "x.bin" : "sub/" + part + ".bin");
        zip.putNextEntry(new ZipEntry(name));
        zip.write(of);
        zip.closeEntry();
        members.append(
            "%s{path: %s, sha256: %s, size: %d}"
                .formatted(part == 0 ? "" : ", ", name, Oracle.sha256(of), of.length));
        wanted.add(new Wanted(dir.resolve(name), of, 0644));
      }
    }
    download(i, packed.toByteArray(), ", unpack: zip, members: [" + members + "]");
  }

  private void download(int i, byte[] bytes, String more) {
    int sources = 1 + random.nextInt(MOST_SOURCES);
    String path = "/m" + i + ".bin";
    List<String> urls = new ArrayList<>();
    boolean possible = false;
    for (int k = 0; k < sources; k++) {
      // A source that leads elsewhere leads to one that serves the same path, honestly or not.
      FaultyOrigin origin = origins.get((i + k) % origins.size());
      List<Act> script = script();
      scripts.add(script);
      origin.serve(path, bytes, script);
      urls.add("'" + origin.url() + path + "'");
      possible |= Act.TOLERABLE.containsAll(script);
      lies |= script.stream().anyMatch(Act::isLie);
    }
    someSourceServesAll &= possible;
    manifest.append(
        "      - {url: %s, mirrors: [%s], sha256: %s, size: %d%s}\n"
            .formatted(
                urls.get(0),
                String.join(", ", urls.subList(1, urls.size())),
                Oracle.sha256(bytes),
                bytes.length,
                more));
  }

  private List<Act> script() {
    List<Act> script = new ArrayList<>();
    if (random.nextInt(8) == 0) {
      return nagging();
    }
    if (random.nextInt(12) == 0) {
      return List.of(Act.POISON, Act.GONE, Act.GONE, Act.GONE, Act.GONE);
    }
    int length = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(3);
    boolean tolerable = random.nextInt(3) == 0;
    List<Act> some = tolerable ? Act.TOLERABLE : acts;
    for (int n = 0; n < length; n++) {
      script.add(some.get(random.nextInt(some.size())));
    }
    return script;
  }

  /** Cuts, and misunderstands the question for the rest, over and over. */
  private List<Act> nagging() {
    Act[] cuts = {Act.CUT, Act.RESET};
    Act[] answers = {Act.IGNORE_RANGE, Act.WRONG_RANGE, Act.NOT_SATISFIABLE};
    Act cut = cuts[random.nextInt(cuts.length)];
    Act answer = answers[random.nextInt(answers.length)];
    return List.of(cut, answer, cut, answer, cut, answer);
  }

  /** What stands there before the first run. */
  private void prior(Wanted one) throws IOException {
    int draw = random.nextInt(20);
    if (draw > 5) {
      return;
    }
    Files.createDirectories(one.path().getParent());
    if (draw == 0) {
      Files.write(one.path(), new byte[0]);
    } else if (draw < 4) {
      Files.write(one.path(), "what stood here before".getBytes(StandardCharsets.UTF_8));
    } else {
      Files.write(one.path(), one.bytes());
      Files.setPosixFilePermissions(one.path(), PosixFilePermissions.fromString("rwxr-x---"));
    }
  }
}
