package dev.modelbake.manifest;

import dev.modelbake.manifest.Yaml.Scalar;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestAlgorithm;
import dev.modelbake.model.Hints;
import dev.modelbake.model.Location;
import dev.modelbake.model.Suggestion;
import dev.modelbake.model.Text;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Reads digests and the descriptors made of them. */
final class Pins {
  static final String EXAMPLE = "<64 hexadecimal digits>";

  private static final List<String> FURTHER =
      Stream.of(DigestAlgorithm.values())
          .filter(algorithm -> algorithm != DigestAlgorithm.SHA256)
          .map(DigestAlgorithm::label)
          .toList();

  private final Problems problems;

  Pins(Problems problems) {
    this.problems = problems;
  }

  /** The pin of a mapping with {@code sha256}, {@code size} and {@code digests}. */
  Optional<Descriptor> descriptor(Fields fields) {
    return descriptor(fields, hints(fields));
  }

  /** The pin of a mapping of which the rest was read before. */
  Optional<Descriptor> descriptor(Fields fields, Hints hints) {
    Optional<Digest> sha256 = sha256(fields, "sha256");
    sha256.ifPresent(digest -> emptyFile(fields, digest, hints.size()));
    return sha256.map(digest -> new Descriptor(digest, hints.size(), hints.digests()));
  }

  /** What the mapping says beside {@code sha256}. */
  Hints hints(Fields fields) {
    return new Hints(Numbers.size(fields, "size"), others(fields));
  }

  /** A SHA-256 digest under this key. */
  Optional<Digest> sha256(Fields fields, String key) {
    return fields.text(key, EXAMPLE).flatMap(text -> digest(text, DigestAlgorithm.SHA256));
  }

  private List<Digest> others(Fields fields) {
    List<Digest> digests = new ArrayList<>();
    for (Map.Entry<Scalar, Text> entry : fields.table("digests", "md5: <32 digits>").entrySet()) {
      String label = entry.getKey().text();
      Location at = entry.getKey().at();
      Optional<DigestAlgorithm> algorithm = DigestAlgorithm.ofLabel(label);
      if (algorithm.isEmpty()) {
        problems.error(
            at,
            "digest-algorithm",
            "%s is no digest algorithm".formatted(Problems.quoted(label)),
            Suggestion.closest(label, FURTHER)
                .map("did you mean %s?"::formatted)
                .orElse("known: " + String.join(", ", FURTHER)));
      } else if (algorithm.get() == DigestAlgorithm.SHA256) {
        problems.error(
            at,
            "digest-misplaced",
            "sha256 has a key of its own",
            "write sha256: beside digests, not in it");
      } else {
        digest(entry.getValue(), algorithm.get()).ifPresent(digests::add);
      }
    }
    return digests;
  }

  private Optional<Digest> digest(Text text, DigestAlgorithm wanted) {
    String value = text.value();
    int colon = value.indexOf(':');
    String prefix = colon < 0 ? wanted.label() : label(value.substring(0, colon));
    String hex = value.substring(colon + 1);
    Optional<DigestAlgorithm> looksLike =
        colon < 0 ? byLength(hex, wanted) : DigestAlgorithm.ofLabel(prefix);
    if (looksLike.isPresent() && looksLike.get() != wanted) {
      misplaced(text, looksLike.get(), wanted);
      return Optional.empty();
    }
    Optional<String> fault = fault(prefix, hex, wanted);
    if (fault.isPresent()) {
      problems.error(
          text.at(),
          "digest-syntax",
          fault.get(),
          "copy the digest again, or run `modelbake pin %s`".formatted(problems.source()));
      return Optional.empty();
    }
    return Optional.of(new Digest(wanted, hex));
  }

  /**
   * A prefix in lower case; only ASCII letters have one, lest a foreign letter pass for its like.
   */
  private static String label(String prefix) {
    return prefix.chars().allMatch(c -> c < 0x80) ? prefix.toLowerCase(Locale.ROOT) : prefix;
  }

  private void misplaced(Text text, DigestAlgorithm looksLike, DigestAlgorithm wanted) {
    String pin = ", and run `modelbake pin %s` for the sha256".formatted(problems.source());
    problems.error(
        text.at(),
        "digest-misplaced",
        "that looks like %s %s, not %s"
            .formatted(article(looksLike), looksLike.label(), wanted.label()),
        looksLike == DigestAlgorithm.SHA256
            ? "write it under sha256:"
            : "put it under digests: {%s: …}%s"
                .formatted(looksLike.label(), wanted == DigestAlgorithm.SHA256 ? pin : ""));
  }

  private static String article(DigestAlgorithm algorithm) {
    return algorithm == DigestAlgorithm.MD5 ? "an" : "a";
  }

  /** The commonest algorithm whose values have this length; none when the wanted one has. */
  private static Optional<DigestAlgorithm> byLength(String hex, DigestAlgorithm wanted) {
    if (hex.length() == wanted.hexLength() || !hex.chars().allMatch(HexFormat::isHexDigit)) {
      return Optional.empty();
    }
    return Stream.of(DigestAlgorithm.values())
        .filter(algorithm -> algorithm.hexLength() == hex.length())
        .findFirst();
  }

  private static Optional<String> fault(String prefix, String hex, DigestAlgorithm wanted) {
    if (!prefix.equals(wanted.label())) {
      return Optional.of("%s is no digest algorithm".formatted(Problems.quoted(prefix)));
    }
    for (int i = 0; i < hex.length(); i++) {
      if (!HexFormat.isHexDigit(hex.charAt(i))) {
        String found = Problems.quoted(hex.substring(i, hex.offsetByCodePoints(i, 1)));
        return Optional.of(
            "%s has only hexadecimal digits, not %s".formatted(wanted.label(), found));
      }
    }
    if (hex.length() != wanted.hexLength()) {
      return Optional.of(
          "%s has %d hexadecimal digits, this value has %d"
              .formatted(wanted.label(), wanted.hexLength(), hex.length()));
    }
    return Optional.empty();
  }

  private void emptyFile(Fields fields, Digest digest, OptionalLong size) {
    boolean ofNothing = digest.equals(Digest.OF_NOTHING);
    if (ofNothing && size.isPresent() && size.getAsLong() > 0) {
      problems.error(
          fields.at("sha256"),
          "digest-of-nothing",
          "this is the digest of an empty file, but size is %d".formatted(size.getAsLong()),
          "it was taken of a failed download: run `modelbake pin %s`".formatted(problems.source()));
    } else if (!ofNothing && size.isPresent() && size.getAsLong() == 0) {
      problems.error(
          fields.at("size"),
          "digest-of-nothing",
          "size is 0, but this is not the digest of an empty file",
          "write the right size, or leave it out and run `modelbake pin %s`"
              .formatted(problems.source()));
    } else if (ofNothing && size.isEmpty()) {
      problems.warning(
          fields.at("sha256"),
          "digest-of-nothing",
          "this is the digest of an empty file",
          "write size: 0 if the file is meant to be empty");
    }
  }
}
