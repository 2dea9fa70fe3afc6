package dev.modelbake.mirror;

import dev.modelbake.model.Explanation;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.MirrorException;
import dev.modelbake.model.Printable;
import dev.modelbake.model.SignatureException;
import dev.modelbake.model.SignatureException.Fault;
import dev.modelbake.trust.TrustedKeys;
import dev.modelbake.trust.TrustedKeys.Signed;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The index of a mirror, as far as it can be trusted: its signature first, then what it says.
 *
 * @param bytes as they were signed
 * @param signatures by the ending of their names
 * @param signed whose signature it is; absent when none was asked for
 */
@SuppressWarnings("ArrayRecordComponent") // read in this package, never compared or changed
record Reading(
    MirrorIndex index, byte[] bytes, Map<String, byte[]> signatures, Optional<Signed> signed) {
  private static final int QUOTE = 100;

  /**
   * Reads an index.
   *
   * @param keys of which one must have signed it; none asks for no signature
   * @throws MirrorException if there is none, or it is no index
   * @throws SignatureException if it is not signed as it must be
   */
  static Reading of(MirrorSource source, TrustedKeys keys) {
    byte[] bytes = source.index().orElseThrow(() -> missing(source));
    Map<String, byte[]> signatures = new TreeMap<>();
    for (String ending : List.of(TrustedKeys.MINISIGN, TrustedKeys.ECDSA)) {
      source.signature(ending).ifPresent(file -> signatures.put(ending, file));
    }
    String what = "the index of " + source.name();
    Optional<Signed> signed =
        keys.isRequired()
            ? Optional.of(
                keys.verify(what, bytes, ending -> Optional.ofNullable(signatures.get(ending))))
            : Optional.empty();
    MirrorIndex index = MirrorIndexJson.read(source.name(), bytes);
    signed.ifPresent(by -> checkComment(what, index, by));
    if (index.counter() < keys.least()) {
      throw replay(
          what,
          "its counter is %d, and at least %d is asked for"
              .formatted(index.counter(), keys.least()));
    }
    return new Reading(index, bytes, signatures, signed);
  }

  /**
   * Refuses an index older than one that was imported.
   *
   * @throws SignatureException if it is
   */
  void checkNewer(MirrorIndex last, String what) {
    if (last.name().equals(index.name()) && last.counter() > index.counter()) {
      throw replay(
          what,
          "its counter is %d, the last import had %d".formatted(index.counter(), last.counter()));
    }
  }

  /** A trusted comment that tells a name or a counter must mean this index. */
  private static void checkComment(String what, MirrorIndex index, Signed signed) {
    Optional<String> name = signed.told("name").filter(one -> !one.equals(index.name()));
    Optional<Long> counter = TrustedKeys.counter(signed).filter(one -> one != index.counter());
    if (name.isPresent() || counter.isPresent()) {
      throw replay(
          what,
          "the signature is of %s, the index is %s %d"
              .formatted(
                  Printable.of(signed.comment().orElse(""), QUOTE), index.name(), index.counter()));
    }
  }

  private static SignatureException replay(String what, String happened) {
    return new SignatureException(
        Fault.REPLAY, what, happened, "take the newest mirror, or ask who made this one", null);
  }

  private static MirrorException missing(MirrorSource source) {
    boolean nowhere =
        source instanceof MirrorSource.OfDirectory from
            && !Files.isDirectory(from.directory().root());
    if (nowhere) {
      return new MirrorException(
          FailureKind.MISSING,
          new Explanation(
              "reading the mirror " + source.name(),
              "there is no such directory",
              "name the directory, a URL, or oci://HOST/REPOSITORY"),
          List.of(source.name()),
          null);
    }
    return new MirrorException(
        FailureKind.MISSING,
        new Explanation(
            "reading the mirror " + source.name(),
            "it has no index (%s), which is written last: the copy was broken off, or this is no"
                    .formatted(MirrorDirectory.INDEX)
                + " mirror",
            "run the export, the copy or the push again to its end"),
        List.of(MirrorDirectory.INDEX),
        null);
  }
}
