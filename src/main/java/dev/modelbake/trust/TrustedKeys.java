package dev.modelbake.trust;

import dev.modelbake.model.Printable;
import dev.modelbake.model.SignatureException;
import dev.modelbake.model.SignatureException.Fault;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The keys of which one must have signed a file.
 *
 * @param least what the counter of a signature must reach, 0 or more
 */
public record TrustedKeys(List<TrustedKey> keys, long least) {
  /** No signature is asked for. */
  public static final TrustedKeys NONE = new TrustedKeys(List.of(), 0);

  /** Ends the name of a signature file of minisign. */
  public static final String MINISIGN = ".minisig";

  /** Ends the name of a detached ECDSA signature. */
  public static final String ECDSA = ".sig";

  /** The bound of a signature file, in bytes. */
  public static final int MOST = 64 << 10;

  private static final int QUOTE = 100;
  private static final Pattern COUNTER = Pattern.compile("(?:^|\\s)counter:(\\S*)");
  private static final Pattern TOKEN = Pattern.compile("(?:^|\\s)(name|counter):(\\S+)");

  public TrustedKeys {
    keys = List.copyOf(keys);
  }

  /** Whether a signature is asked for. */
  public boolean isRequired() {
    return !keys.isEmpty();
  }

  /** Gives the signature file of a name, such as {@code models.yaml.minisig}. */
  @FunctionalInterface
  public interface SignatureFiles {
    /** At most {@link #MOST} bytes; empty when there is none. */
    Optional<byte[]> read(String ending);
  }

  /**
   * Whose signature a file has.
   *
   * @param key its {@link TrustedKey#id}
   * @param comment the trusted comment; absent from an ECDSA signature
   */
  public record Signed(String key, Optional<String> comment) {
    /** What the trusted comment says under a name: {@code name:models.yaml counter:7}. */
    public Optional<String> told(String name) {
      Map<String, String> told = new TreeMap<>();
      Matcher tokens = TOKEN.matcher(comment.orElse(""));
      while (tokens.find()) {
        told.putIfAbsent(tokens.group(1), tokens.group(2));
      }
      return Optional.ofNullable(told.get(name));
    }
  }

  /**
   * Demands that one of the keys signed a file.
   *
   * @param name of the file; the trusted comment must agree with it when it holds {@code name:}
   * @param what the file, for messages
   * @throws SignatureException if none did
   */
  public Signed require(String name, String what, byte[] message, SignatureFiles files) {
    Signed found = verify(what, message, files);
    checkReplay(name, what, found);
    return found;
  }

  /**
   * Demands that one of the keys signed a file, under whatever name.
   *
   * @param what the file, for messages
   * @throws SignatureException if none did
   */
  public Signed verify(String what, byte[] message, SignatureFiles files) {
    Optional<byte[]> minisign = files.read(MINISIGN);
    Optional<byte[]> ecdsa = files.read(ECDSA);
    if (minisign.isEmpty() && ecdsa.isEmpty()) {
      throw new SignatureException(
          Fault.NOT_SIGNED,
          what,
          "there is no signature beside it",
          "sign it (minisign -S, or openssl dgst -sign) and put the signature beside it, its name"
              + " ending in %s or %s".formatted(MINISIGN, ECDSA),
          null);
    }
    Optional<Signed> second = ecdsa.flatMap(file -> ecdsa(message, file));
    if (second.isPresent()) {
      return second.get();
    }
    Signed signed =
        minisign
            .flatMap(file -> minisign(what, message, file))
            .orElseThrow(
                () ->
                    keys.stream().anyMatch(EcdsaKey.class::isInstance) && ecdsa.isPresent()
                        ? bad(what)
                        : wrongKey(what, "another sort of key"));
    requireOneCounter(what, signed);
    return signed;
  }

  /** A counter that cannot be compared is no counter that may pass. */
  private static void requireOneCounter(String what, Signed signed) {
    Matcher counters = COUNTER.matcher(signed.comment().orElse(""));
    int number = 0;
    boolean whole = true;
    while (counters.find()) {
      number++;
      whole &= counters.group(1).matches("[0-9]{1,15}");
    }
    if (number > 1 || !whole) {
      throw new SignatureException(
          Fault.REPLAY,
          what,
          "the counter in its trusted comment is no number of at most 15 digits, or is there twice",
          "sign it again: minisign -t 'name:FILE counter:N'",
          null);
    }
  }

  private Optional<Signed> minisign(String what, byte[] message, byte[] file) {
    MinisignSignature signature =
        MinisignSignature.parse(file)
            .orElseThrow(
                () ->
                    new SignatureException(
                        Fault.BAD_SIGNATURE,
                        what,
                        "its signature file is none of minisign's, or has no trusted comment",
                        "sign it again",
                        null));
    List<MinisignKey> meant =
        keys.stream()
            .filter(MinisignKey.class::isInstance)
            .map(MinisignKey.class::cast)
            .filter(signature::isBy)
            .toList();
    if (meant.isEmpty()) {
      if (keys.stream().anyMatch(EcdsaKey.class::isInstance)) {
        return Optional.empty();
      }
      throw wrongKey(what, "the key " + signature.keyId());
    }
    for (MinisignKey key : meant) {
      Optional<String> comment = signature.verify(key, message);
      if (comment.isPresent()) {
        return Optional.of(new Signed(key.id(), comment));
      }
    }
    throw bad(what);
  }

  private Optional<Signed> ecdsa(byte[] message, byte[] file) {
    return keys.stream()
        .filter(EcdsaKey.class::isInstance)
        .map(EcdsaKey.class::cast)
        .filter(key -> key.verifies(message, file))
        .map(key -> new Signed(key.id(), Optional.empty()))
        .findFirst();
  }

  private void checkReplay(String name, String what, Signed signed) {
    Optional<String> told = signed.told("name");
    if (told.isPresent() && !told.get().equals(name)) {
      throw new SignatureException(
          Fault.REPLAY,
          what,
          "the signature is of a file named " + Printable.of(told.get(), QUOTE),
          "use the file that was signed for this purpose",
          null);
    }
    if (least == 0) {
      return;
    }
    long counter = counter(signed).orElse(-1L);
    if (counter < least) {
      throw new SignatureException(
          Fault.REPLAY,
          what,
          counter < 0
              ? "the signature has no counter, and one of at least %d is asked for".formatted(least)
              : "the signature has the counter %d, and at least %d is asked for"
                  .formatted(counter, least),
          "take the newest signed file; the counter stands in the trusted comment (minisign -t"
              + " 'name:FILE counter:N')",
          null);
    }
  }

  /** The counter of a trusted comment. */
  public static Optional<Long> counter(Signed signed) {
    return signed.told("counter").filter(text -> text.matches("[0-9]{1,18}")).map(Long::valueOf);
  }

  private SignatureException wrongKey(String what, String whose) {
    return new SignatureException(
        Fault.WRONG_KEY,
        what,
        "it is signed by %s, trusted are: %s"
            .formatted(whose, keys.stream().map(TrustedKey::id).collect(Collectors.joining(", "))),
        "find out who signed it before trusting that key",
        null);
  }

  private static SignatureException bad(String what) {
    return new SignatureException(
        Fault.BAD_SIGNATURE,
        what,
        "the signature does not fit these bytes",
        "do not use it: it was changed after it was signed, or signed with another key",
        null);
  }
}
