package dev.modelbake.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.guard.Matching.Candidate;
import dev.modelbake.guard.Recording.Derived;
import dev.modelbake.guard.Refetching.Answer;
import dev.modelbake.guard.Refetching.Came;
import dev.modelbake.guard.Refetching.Nothing;
import dev.modelbake.manifest.NewModel;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.SourceUrl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MatchingTest {
  private static final Path HOME = Path.of("/home/user");

  private final Map<String, Answer> origin = new HashMap<>();
  private final List<String> asked = new ArrayList<>();
  private final Matching matching =
      new Matching(
          new Places(HOME, Map.of("U2NET_HOME", HOME.resolve(".u2net"))),
          url -> {
            asked.add(url.uri().toString());
            return origin.getOrDefault(url.uri().toString(), new Nothing("404"));
          },
          List.of());

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Descriptor descriptor(String text) {
    return Descriptor.of(Digest.ofBytes(bytes(text)), bytes(text).length);
  }

  private static NewFile file(String path, String text) {
    return NewFile.of(Path.of(path), descriptor(text));
  }

  private static Candidate candidate(String url) {
    return new Candidate(SourceUrl.parse(url), Optional.of("lib"));
  }

  private void serve(String url, String text) {
    origin.put(url, new Came(descriptor(text), "", Map.of()));
  }

  private void serve(String url, String format, Map<String, String> members) {
    origin.put(
        url,
        new Came(
            descriptor(url),
            format,
            members.entrySet().stream()
                .collect(
                    Collectors.toMap(Map.Entry::getKey, entry -> descriptor(entry.getValue())))));
  }

  private String text() {
    return matching.models().stream().map(model -> model.text("")).collect(Collectors.joining());
  }

  @Test
  void aFileIsPinnedOnlyByTheUrlThatGivesItsBytes() {
    serve("https://h.example/u2net.onnx", "other");
    serve("https://m.example/download?id=1", "model");
    matching.match(
        List.of(file("/home/user/.u2net/u2net.onnx", "model")),
        List.of(
            candidate("https://h.example/u2net.onnx"),
            candidate("https://m.example/download?id=1")));
    assertEquals(
        """
        - name: lib/u2net
          dir: "${U2NET_HOME}"
          files:
            - url: "https://m.example/download?id=1"
              sha256: %s
              size: 5
              path: u2net.onnx
        """
            .formatted(Digest.ofBytes(bytes("model")).hex()),
        text());
    assertTrue(matching.left().isEmpty());
  }

  @Test
  void aFileThatNobodyGivesIsLeft() {
    matching.match(
        List.of(file("/home/user/x", "made here")), List.of(candidate("https://h.example/y")));
    assertEquals(List.of(), matching.models());
    assertEquals(List.of("no URL that was seen gives these bytes"), whyLeft());
  }

  private List<String> whyLeft() {
    return matching.left().stream().map(Derived::why).toList();
  }

  @Test
  void aFileThatIsLeftSaysWhatTheUrlWithItsNameGave() {
    serve("https://h.example/b", "changed");
    matching.match(
        List.of(file("/m/a", "1"), file("/m/b", "22"), file("/m/c", "")),
        List.of(candidate("https://h.example/a"), candidate("https://h.example/b")));
    assertEquals(
        List.of(
            "https://h.example/a: 404",
            "https://h.example/b gives other bytes: " + descriptor("changed"),
            "it is empty"),
        whyLeft());
  }

  /** What is hashed late may be gone or closed by then. */
  @Test
  void aFileThatCannotBeReadLaterIsLeftWithThatReason(@TempDir Path home) throws IOException {
    Path gone = Files.writeString(home.resolve("a"), "a");
    ExecutorService late = Executors.newSingleThreadExecutor();
    try {
      CountDownLatch removed = new CountDownLatch(1);
      Future<Boolean> waits = late.submit(() -> removed.await(1, TimeUnit.MINUTES));
      NewFile file = NewFile.at(gone, late).orElseThrow();
      Files.delete(gone);
      removed.countDown();
      assertTrue(waits.get());
      serve("https://h.example/a", "a");
      matching.match(List.of(file), List.of(candidate("https://h.example/a")));
      assertEquals(List.of("it cannot be read: there is no such file or directory"), whyLeft());
      assertEquals(List.of(), matching.pinned());
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      late.shutdownNow();
    }
  }

  @Test
  void theUrlWithTheNameOfAFileIsAskedFirstAndNobodyIsAskedForNothing() {
    serve("https://h.example/a.onnx", "a");
    matching.match(
        List.of(file("/m/a.onnx", "a")),
        List.of(
            candidate("https://h.example/api"),
            candidate("https://h.example/a.onnx"),
            candidate("https://cdn.example/a.onnx")));
    assertEquals(List.of("https://h.example/a.onnx"), asked);
  }

  @Test
  void whereARedirectLedIsNotFetchedOnceMore() {
    serve("https://h.example/a.onnx", "a");
    matching.match(
        List.of(file("/m/a.onnx", "a"), file("/m/compiled", "made")),
        List.of(candidate("https://h.example/a.onnx"), candidate("https://cdn.example/a.onnx")));
    assertEquals(List.of("https://h.example/a.onnx"), asked);
  }

  @Test
  void aMemberThatIsKeptIsTakenOutOfItsArchive() {
    serve("https://h.example/craft.zip", "zip", Map.of("craft.pth", "weights", "README", "r"));
    matching.match(
        List.of(file("/home/user/.EasyOCR/model/craft.pth", "weights")),
        List.of(candidate("https://h.example/craft.zip")));
    assertTrue(text().contains("dir: \"~/.EasyOCR/model\"\n"), text());
    assertTrue(text().contains("unpack: zip\n"), text());
    assertTrue(text().contains("- {path: craft.pth, sha256: "), text());
    assertTrue(!text().contains("README"), text());
  }

  @Test
  void directoriesInFrontOfTheMembersAreStripped() {
    serve(
        "https://h.example/m.tar.gz",
        "tar.gz",
        Map.of("top/sub/a.bin", "a", "top/b.bin", "b", "top/c.bin", "c"));
    matching.match(
        List.of(file("/opt/m/sub/a.bin", "a"), file("/opt/m/b.bin", "b")),
        List.of(candidate("https://h.example/m.tar.gz")));
    assertTrue(text().contains("dir: /opt/m\n"), text());
    assertTrue(text().contains("strip: 1\n"), text());
    assertTrue(text().contains("- {path: sub/a.bin, "), text());
    assertEquals(List.of(), List.copyOf(matching.left()));
  }

  @Test
  void aMemberUnderAnotherNameIsLeft() {
    serve("https://h.example/m.zip", "zip", Map.of("a.bin", "a"));
    matching.match(
        List.of(file("/opt/m/renamed.bin", "a")), List.of(candidate("https://h.example/m.zip")));
    assertEquals(List.of("no URL that was seen gives these bytes"), whyLeft());
  }

  @Test
  void whatComesOutOfACompressedFileIsPinnedWithIt() {
    serve("https://h.example/m.dat.bz2", "bz2", Map.of("", "plain"));
    matching.match(
        List.of(file("/opt/m/m.dat", "plain")), List.of(candidate("https://h.example/m.dat.bz2")));
    assertTrue(text().contains("unpack: bz2\n"), text());
    assertTrue(text().contains("unpacked: {sha256: "), text());
  }

  @Test
  void filesOfOneDirectoryAreOneModelAndNamesAreNotGivenTwice() {
    serve("https://h.example/a.onnx", "a");
    serve("https://h.example/b.onnx", "b");
    serve("https://h.example/other/a.onnx", "c");
    matching.match(
        List.of(file("/m/a.onnx", "a"), file("/m/b.onnx", "b"), file("/n/a.onnx", "c")),
        List.of(
            candidate("https://h.example/a.onnx"),
            candidate("https://h.example/b.onnx"),
            candidate("https://h.example/other/a.onnx")));
    List<NewModel> models = matching.models();
    assertEquals(2, models.size());
    assertTrue(text().contains("name: lib/a\n") && text().contains("name: lib/a-2\n"), text());
  }
}
