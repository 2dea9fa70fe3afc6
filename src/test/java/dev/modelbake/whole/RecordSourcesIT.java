package dev.modelbake.whole;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import dev.modelbake.testing.RealModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every client's requests are seen, and what they bring becomes the entry that it should. */
class RecordSourcesIT {
  private static final String COMMIT = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41";

  @TempDir Path work;
  private WarmUp warm;

  @BeforeEach
  void serve() throws IOException {
    warm = new WarmUp(work);
  }

  @AfterEach
  void stop() {
    warm.close();
  }

  private Program.Ended python(String code, Object... options) {
    return warm.record(options).and("--", WarmUp.PYTHON, "-c", code).run();
  }

  private void assertHolds(String... texts) throws IOException {
    for (String text : texts) {
      assertTrue(warm.manifest().contains(text), () -> "no " + text + " in\n" + manifest());
    }
  }

  private String manifest() {
    try {
      return warm.manifest();
    } catch (IOException e) {
      return "no manifest";
    }
  }

  /** The second request goes over a connection that is there already. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          requests | requests.Session() | client.get(url).content
          urllib3  | urllib3.PoolManager(ca_certs=os.environ["SSL_CERT_FILE"]) | client.request("GET", url).data
          httpx    | httpx.Client() | client.get(url).content
          http     | __import__("http.client").client.HTTPSConnection(host) | fetch(url)
          """)
  void bothFilesOfOneConnectionArePinned(String module, String client, String get)
      throws IOException {
    Peers.requirePython(WarmUp.PYTHON, module);
    warm.serve("/a.onnx", "first");
    warm.serve("/sub/b.onnx", "second");
    String code =
        """
        import os, %s
        host = os.environ["ORIGIN"].partition("//")[2]
        def fetch(url):
            client.request("GET", url.partition(host)[2], headers={"Authorization": "Bearer SECRET"})
            return client.getresponse().read()
        client = %s
        os.makedirs("models")
        for name in ("a.onnx", "sub/b.onnx"):
            url = os.environ["ORIGIN"] + "/" + name + "?sig=SECRET"
            data = %s
            with open("models/" + os.path.basename(name), "wb") as f: f.write(data)
        """
            .formatted(module, client, get);
    Program.Ended ended = python(code);
    assertEquals(0, ended.exit(), ended::toString);
    assertHolds("- url: \"" + warm.origin() + "/a.onnx\"", warm.origin() + "/sub/b.onnx\"");
    assertFalse((warm.manifest() + ended.all()).contains("SECRET"), ended::toString);
    warm.lint();
  }

  @Test
  void httpxOfAnEventLoopIsSeenToo() throws IOException {
    Peers.requirePython(WarmUp.PYTHON, "httpx");
    warm.serve("/a.onnx", "first");
    warm.serve("/b.onnx", "second");
    Program.Ended ended =
        python(
            """
            import asyncio, httpx, os
            async def main():
                async with httpx.AsyncClient() as client:
                    for name in ("a.onnx", "b.onnx"):
                        data = (await client.get(os.environ["ORIGIN"] + "/" + name)).content
                        with open(name, "wb") as f: f.write(data)
            asyncio.run(main())
            """);
    assertEquals(0, ended.exit(), ended::toString);
    assertHolds("/a.onnx\"", "/b.onnx\"");
  }

  /** Its origins are not asked in a test: the site says where else its files are. */
  @Test
  void whatTheCatalogKnowsBecomesItsEntry() throws IOException {
    Files.createDirectories(work.resolve("tess"));
    for (RealModels model : new RealModels[] {RealModels.ENG, RealModels.MMOD}) {
      byte[] bytes = Files.readAllBytes(model.path());
      warm.served().put("/own/" + model.fileName, bytes);
    }
    warm.served()
        .put(
            "/raw/tesseract-ocr/tessdata_fast/87416418657359cb625c412a48b6e1d6d41c29bd/eng.traineddata",
            Files.readAllBytes(RealModels.ENG.path()));
    warm.served()
        .put(
            "/hub/davisking/dlib-models/raw/master/mmod_human_face_detector.dat.bz2",
            Files.readAllBytes(RealModels.MMOD.path()));
    Files.writeString(
        work.resolve("site.yaml"),
        """
        rewrite:
          "https://raw.githubusercontent.com/": "%1$s/raw/"
          "https://github.com/": "%1$s/hub/"
        """
            .formatted(warm.origin()));
    Program.Ended ended =
        warm.record("--site", "site.yaml", "--", WarmUp.PYTHON, "-c")
            .and(
                """
                import bz2, os, urllib.request as u
                own = os.environ["ORIGIN"] + "/own/"
                u.urlretrieve(own + "eng.traineddata", os.environ["TESSDATA_PREFIX"] + "/eng.traineddata")
                name = "mmod_human_face_detector.dat"
                os.mkdir("dlib")
                with open("dlib/" + name, "wb") as f:
                    f.write(bz2.decompress(u.urlopen(own + name + ".bz2").read()))
                """)
            .with("TESSDATA_PREFIX", work.resolve("tess").toString())
            .run();
    assertEquals(0, ended.exit(), ended::toString);
    assertHolds(
        "- catalog: tessdata/eng\n",
        "- catalog: dlib/mmod-human-face-detector\n    dir: " + work.toRealPath() + "/dlib\n");
    assertFalse(warm.manifest().contains("/own/"), warm.manifest());
    warm.lint();
  }

  @Test
  void aCatalogEntryThatCannotBeHadIsNotWritten() throws IOException {
    warm.served().put("/own/eng.traineddata", Files.readAllBytes(RealModels.ENG.path()));
    Files.createDirectories(work.resolve("tess"));
    Files.writeString(
        work.resolve("site.yaml"),
        "rewrite: {\"https://raw.githubusercontent.com/\": \"%s/none/\"}\n"
            .formatted(warm.origin()));
    Program.Ended ended =
        warm.record("--site", "site.yaml", "--", WarmUp.PYTHON, "-c")
            .and(
                """
                import os, urllib.request as u
                u.urlretrieve(os.environ["ORIGIN"] + "/own/eng.traineddata", "tess/eng.traineddata")
                """)
            .run();
    assertEquals(0, ended.exit(), ended::toString);
    WarmUp.assertSaid(
        ended, "the catalog's tessdata/eng has these bytes, and is not used: ", "404");
    assertHolds("- url: \"" + warm.origin() + "/own/eng.traineddata\"", RealModels.ENG.sha256);
    assertFalse(warm.manifest().contains("catalog:"), warm.manifest());
  }

  @Test
  void aCompressedFileIsPinnedWithWhatComesOutOfItAndTheRestIsDerived() throws IOException {
    warm.served().put("/gender.dat.bz2", Files.readAllBytes(RealModels.GENDER.path()));
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write("vectors".getBytes(StandardCharsets.UTF_8));
    }
    warm.served().put("/vectors.bin.gz", packed.toByteArray());
    Program.Ended ended =
        python(
            """
            import bz2, gzip, os, urllib.request as u
            home = os.path.expanduser("~/.cache/own")
            if not os.path.exists(home):
                os.makedirs(home)
                for name, unpack in (("gender.dat.bz2", bz2), ("vectors.bin.gz", gzip)):
                    data = u.urlopen(os.environ["ORIGIN"] + "/" + name).read()
                    with open(home + "/" + name.rpartition(".")[0], "wb") as f:
                        f.write(unpack.decompress(data))
            with open(home + "/compiled.bin", "w") as f: f.write("made here")
            """,
            "--prove");
    assertEquals(0, ended.exit(), ended::toString);
    assertHolds(
        "path: gender.dat\n        unpack: bz2\n        unpacked: {sha256: ",
        "path: vectors.bin\n        unpack: gz\n        unpacked: {sha256: ",
        "dir: \"${XDG_CACHE_HOME}/own\"\n",
        RealModels.GENDER.sha256);
    WarmUp.assertSaid(
        ended,
        "own/compiled.bin (9 bytes): no URL that was seen gives these bytes",
        "recorded 2 files in 1 model",
        "; 1 file derived, not pinned");
    assertFalse(warm.manifest().contains("compiled"), warm.manifest());
    warm.lint();
  }

  /** A data set without a branch, one of its files empty, asked for with a token. */
  @Test
  void aDataSetOfTheHubKeepsItsKindAndItsEmptyFiles() throws IOException {
    warm.serve("/datasets/org/data/resolve/" + COMMIT + "/a/data.bin", "rows");
    warm.serve("/datasets/org/data/resolve/" + COMMIT + "/__init__.py", "");
    Program.Ended ended =
        python(
            """
            import hashlib, os, urllib.request as u
            commit = "%s"
            repo = os.path.expanduser("~/.cache/huggingface/hub/datasets--org--data")
            for name in ("a/data.bin", "__init__.py"):
                path = os.path.join(repo, "snapshots", commit, name)
                if os.path.exists(path): continue
                url = "%%s/datasets/org/data/resolve/%%s/%%s" %% (os.environ["ORIGIN"], commit, name)
                data = u.urlopen(u.Request(url, headers={"Authorization": "Bearer hf_SECRETSECRET"})).read()
                blob = hashlib.sha1(b"blob %%d\\0" %% len(data) + data).hexdigest()
                os.makedirs(os.path.dirname(path), exist_ok=True)
                os.makedirs(repo + "/blobs", exist_ok=True)
                with open(repo + "/blobs/" + blob, "wb") as f: f.write(data)
                os.symlink(os.path.relpath(repo + "/blobs/" + blob, os.path.dirname(path)), path)
            """
                .formatted(COMMIT),
            "--prove");
    assertEquals(0, ended.exit(), ended::toString);
    assertHolds(
        "huggingface: {repo: org/data, type: dataset, revision: " + COMMIT + "}\n",
        "- path: __init__.py\n        sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n        size: 0\n",
        "- path: a/data.bin\n");
    assertFalse((warm.manifest() + ended.all()).contains("SECRET"), ended::toString);
    warm.lint();
  }

  /**
   * Names of models are one name space; what has the same id gets its commit and kind behind it.
   */
  @Test
  void commitsAndKindsOfOneRepositoryAreModelsOfTheirOwn() throws IOException {
    String other = COMMIT.replace('1', '2');
    warm.serve("/org/name/resolve/" + COMMIT + "/a.bin", "first");
    warm.serve("/org/name/resolve/" + other + "/a.bin", "second");
    warm.serve("/datasets/org/name/resolve/" + other + "/a.bin", "rows");
    Program.Ended ended =
        python(
            """
            import os, urllib.request as u
            hub = os.path.expanduser("~/.cache/huggingface/hub")
            for kind, lead, commit in (
                ("models", "", "%1$s"), ("models", "", "%2$s"), ("datasets", "/datasets", "%2$s")
            ):
                path = "%%s/%%s--org--name/snapshots/%%s/a.bin" %% (hub, kind, commit)
                if os.path.exists(path): continue
                url = "%%s%%s/org/name/resolve/%%s/a.bin" %% (os.environ["ORIGIN"], lead, commit)
                os.makedirs(os.path.dirname(path))
                with open(path, "wb") as f: f.write(u.urlopen(url).read())
            """
                .formatted(COMMIT, other),
            "--prove");
    assertEquals(0, ended.exit(), ended::toString);
    assertHolds("name: org/name\n", "name: org/name@2220a24\n", "name: org/name@1110a24\n");
    WarmUp.assertSaid(ended, "recorded 3 files in 3 models");
    warm.lint();
  }

  @Test
  void aNameThatIsNoTextIsDerivedAndTheOthersArePinned() throws IOException {
    warm.serve("/a.onnx", "bytes");
    Program.Ended ended =
        python(
            """
            import os, urllib.request as u
            data = u.urlopen(os.environ["ORIGIN"] + "/a.onnx").read()
            os.makedirs(os.path.expanduser("~/.cache/own"))
            for name in (b"a.onnx", b"caf\\xe9.onnx"):
                with open(os.path.expanduser(b"~/.cache/own/") + name, "wb") as f: f.write(data)
            """);
    assertEquals(0, ended.exit(), ended::toString);
    WarmUp.assertSaid(
        ended,
        "own/caf\ufffd.onnx (5 bytes): its name is not UTF-8, and no manifest can write it",
        "recorded 1 file in 1 model",
        "; 1 file derived, not pinned");
    assertFalse(warm.manifest().contains("caf"), warm.manifest());
    warm.lint();
  }

  @Test
  void aFileThatIsNotPinnedSaysWhatItsUrlGaveTheSecondTime() throws IOException {
    warm.serve("/a.onnx", "first");
    Program.Ended ended =
        python(
            """
            import os, urllib.request as u
            os.makedirs(os.path.expanduser("~/.cache/own"))
            for name in ("a.onnx", "b.onnx"):
                with open(os.path.expanduser("~/.cache/own/") + name, "wb") as f:
                    f.write(b"here")
                try: u.urlopen(os.environ["ORIGIN"] + "/" + name).read()
                except u.HTTPError: pass
            """);
    assertEquals(69, ended.exit(), ended::toString);
    WarmUp.assertSaid(
        ended,
        "own/a.onnx (4 bytes): " + warm.origin() + "/a.onnx gives other bytes: ",
        "own/b.onnx (4 bytes): " + warm.origin() + "/b.onnx: ",
        "404");
  }
}
