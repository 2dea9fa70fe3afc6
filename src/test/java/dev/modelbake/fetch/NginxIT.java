package dev.modelbake.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.digest.Hasher;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.FetchException;
import dev.modelbake.testing.Nginx;
import dev.modelbake.testing.Peers;
import dev.modelbake.testing.RawServer;
import dev.modelbake.testing.RealModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real files from a real server. */
class NginxIT {
  @TempDir Path directory;

  @BeforeAll
  static void wantNginx() {
    Peers.require("nginx");
  }

  private static Descriptor pin(RealModels model) {
    return Descriptor.of(Digest.sha256(model.sha256), model.size);
  }

  @Test
  void allRealModelsAreFetchedAtTheSameTimePastADeadMirror() throws Exception {
    Bench bench = new Bench(directory);
    try (Nginx nginx = Nginx.serving(RealModels.folder());
        Fetcher fetcher = new Fetcher(bench.settings(), BakeListener.NONE)) {
      List<RealModels> models = List.of(RealModels.values());
      List<CompletableFuture<Fetched>> all =
          models.stream()
              .map(
                  model ->
                      CompletableFuture.supplyAsync(
                          () ->
                              fetcher.fetch(
                                  Bench.planned(
                                      pin(model),
                                      "http://127.0.0.1:1/" + model.fileName,
                                      nginx.url() + "/" + model.fileName),
                                  bench.staging)))
              .toList();
      for (int i = 0; i < all.size(); i++) {
        RealModels model = models.get(i);
        Fetched fetched = all.get(i).get();
        assertEquals(model.sha256, Hasher.sha256(fetched.blob().path()).hex());
        assertEquals(model.size, fetched.received());
        assertEquals(FailureKind.TEMPORARY, fetched.failures().get(0).kind());
      }
    }
  }

  @Test
  void nginxContinuesWhatAnotherServerBegan() throws Exception {
    RealModels model = RealModels.SILERO;
    byte[] bytes = Files.readAllBytes(model.path());
    Bench bench = new Bench(directory);
    try (Nginx nginx = Nginx.serving(RealModels.folder());
        RawServer cutting =
            RawServer.answering(
                connection -> {
                  connection.send(Bench.head(200, Bench.length(bytes.length)));
                  connection.send(Arrays.copyOf(bytes, bytes.length / 3));
                })) {
      Fetched fetched =
          bench.fetch(
              bench.settings(),
              Bench.planned(pin(model), cutting.url("/a"), nginx.url() + "/" + model.fileName));
      assertEquals(model.sha256, Hasher.sha256(fetched.blob().path()).hex());
      long again = (cutting.requests().size() - 1) * (long) (bytes.length / 3);
      assertEquals(bytes.length + again, fetched.received());
    }
  }

  @Test
  void whatNginxDoesNotHaveIsUnavailable() throws Exception {
    Bench bench = new Bench(directory);
    try (Nginx nginx = Nginx.serving(RealModels.folder())) {
      FetchException failure =
          bench.fails(Bench.planned(pin(RealModels.ENG), nginx.url() + "/none"));
      assertEquals(FailureKind.UNAVAILABLE, failure.kind());
      assertTrue(failure.toString().contains("HTTP 404 (not found)"), failure.toString());
    }
  }
}
