package dev.modelbake.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.CredentialException;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.testing.Mutants;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes in headers, and files with secrets. */
class HttpMutationTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  @TempDir Path directory;

  @Test
  void noMutationOfAContentRangeBreaksTheReader() {
    Mutants.of("bytes 0-99/100", "bytes 5-9/*", "bytes */100")
        .with("-", "/", "*", "bytes ", "bytes=")
        .readAsTexts(
            text -> {
              Optional<ContentRange> range = ContentRange.parse(text);
              range.ifPresent(one -> assertTrue(one.length() > 0 && one.first() >= 0));
            });
  }

  @Test
  void noMutationOfARetryAfterBreaksTheReader() {
    Mutants.of("120", "Fri, 31 Dec 1999 23:59:59 GMT", "Sat, 21 Nov 2026 10:00:30 GMT")
        .with("GMT", "+9999", "Feb", "31", "24:00:00", "23:59:60", "99999")
        .readAsTexts(
            text ->
                RetryAfter.parse(text, NOW)
                    .ifPresent(pause -> assertFalse(pause.isNegative(), text)));
  }

  @Test
  void noMutationOfANetrcBreaksTheReaderOrIsQuoted() {
    Mutants.of(
            """
            machine host.example login me password "canary \\"x"
            default login anonymous password canary
            machine other account a
            macdef init
            put canary

            # a comment
            """)
        .with("machine ", "macdef ", "password ", "\"", "\\", "default", "#")
        .readAsTexts(
            text -> {
              try {
                Netrc.parse(text, "netrc").authorization("host.example");
              } catch (CredentialException e) {
                assertFalse(e.toString().contains("canary"), e::toString);
              }
            });
  }

  @Test
  void noMutationOfAHeadersFileBreaksTheReaderOrIsQuoted() {
    Mutants.of(
            """
            # for the hub
            https://host.example/ Authorization: Bearer canary
            https://host.example:8443 PRIVATE-TOKEN: canary
            http://127.0.0.1:80/ X: canary
            """)
        .with("https://", "http://", ": ", " ", ":99999", "[::1]", "user@", "?q", "#f", "Host:")
        .readAsTexts(
            text -> {
              try {
                HeadersFile.parse(text, "headers")
                    .forEach(line -> assertFalse(line.toString().contains("canary")));
              } catch (CredentialException e) {
                assertFalse(e.toString().contains("canary"), e::toString);
              }
            });
  }

  @Test
  void noMutationOfACertificateFileBreaksTheReader() {
    Path file = directory.resolve("ca.pem");
    String certificate = new HeldCertificate.Builder().build().certificatePem();
    Mutants.of(certificate + certificate)
        .with("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", "-", "MIIB", "====")
        .read(
            500,
            bytes -> {
              Files.write(file, bytes);
              PemFile.read(file);
            });
  }

  @Test
  void noMutationOfAUrlBreaksItsReader() {
    Mutants.of(
            "https://host.example:8443/a/b%20c?d=e#f",
            "http://[2001:db8::1]/x", "file:///a/b", "file:a")
        .with("//", "@", "%zz", "::", "[", "]", "..", "?", "#", "http:", "oci:")
        .readAsTexts(
            text -> {
              try {
                SourceUrl url = SourceUrl.parse(text);
                url.origin();
                url.fileName();
                assertFalse(url.toString().contains("?d"), text);
              } catch (IllegalArgumentException e) {
                assertNotNull(e.getMessage());
              }
            });
  }

  @Test
  void noBeginningOfABodyBreaksItsRecognition() {
    Mutants.of(
            "<!DOCTYPE html><html><head><title>Log in</title></head>",
            "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code></Error>",
            "version https://git-lfs.github.com/spec/v1\noid sha256:x\nsize 1\n")
        .with("<title", "<title>", "</Code>", "<Code>", "<html", "\ufeff")
        .readAsTexts(
            text -> {
              byte[] head = text.getBytes(UTF_8);
              byte[] first = java.util.Arrays.copyOf(head, Math.min(head.length, Content.HEAD));
              Optional<String> found = Content.recognise(first, Answer.Secrecy.PUBLIC);
              found.ifPresent(
                  told ->
                      assertTrue(
                          told.length() < 200 && told.chars().noneMatch(c -> c < ' '), told));
            });
  }
}
